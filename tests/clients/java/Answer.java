import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;

/** How answers are got, and what becomes of them. Certificates are trusted as the JVM is told to. */
class Answer {
    static final int MOST_LIMITED = 6; // waits because of 429, 105 seconds in all, before a picture is given up
    static final int MOST_FAILED = 3; // answers of 500 to 599 after which a picture is given up
    static final int PATIENCE = 500; // seconds for a whole answer; Pixian's documents ask for 180 of silence at least
    static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(60)).build();

    /** Sends until the answer is final; waits as many seconds as was asked, or more. Every picture counts its own waits. */
    static HttpResponse<byte[]> last(HttpRequest request, ToLongFunction<HttpResponse<byte[]>> asked)
            throws Job.Failure, InterruptedException {
        int limited = 0;
        int failed = 0;
        while (true) {
            HttpResponse<byte[]> response = to(request);
            if (response.statusCode() == 429 && ++limited <= MOST_LIMITED) {
                Thread.sleep(1000 * Math.max(5L * limited, asked.applyAsLong(response)));
            } else if (response.statusCode() >= 500 && ++failed < MOST_FAILED) {
                Thread.sleep(1000 * Math.max(1, asked.applyAsLong(response)));
            } else {
                return response;
            }
        }
    }

    /** Returns the seconds to wait that the response tells in Retry-After. */
    static long retryAfter(HttpResponse<byte[]> response) {
        String asked = response.headers().firstValue("Retry-After").orElse("");
        return asked.matches("\\d{1,6}") ? Long.parseLong(asked) : 0;
    }

    /** Sends one request. What went wrong on the way may have been charged all the same, so it is not repeated. */
    static HttpResponse<byte[]> to(HttpRequest request) throws Job.Failure, InterruptedException {
        try {
            return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).get(PATIENCE, TimeUnit.SECONDS);
        } catch (TimeoutException error) {
            throw new Job.Failure("no answer in time");
        } catch (ExecutionException error) {
            throw new Job.Failure("no whole answer: " + error.getCause());
        }
    }

    /** Returns the picture in the response, which must be whole. */
    static byte[] pictureIn(HttpResponse<byte[]> response) throws Job.Failure {
        byte[] body = response.body();
        if (response.statusCode() / 100 != 2) {
            throw new Job.Failure(reason(response));
        }
        String type = response.headers().firstValue("Content-Type").orElse("no type").split(";")[0].strip().toLowerCase();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        boolean png = type.equals("image/png") && text.startsWith("\u0089PNG") && text.endsWith("IEND\u00aeB`\u0082");
        boolean jpeg = type.equals("image/jpeg") && text.startsWith("\u00ff\u00d8\u00ff") && text.endsWith("\u00ff\u00d9");
        if (!png && !jpeg) {
            throw new Job.Failure("the answer is no whole picture: " + type + ", " + body.length + " bytes");
        }
        return body;
    }

    /** Returns what the error in the response says, in whatever form it is. */
    static String reason(HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        return "status " + response.statusCode() + ": " + Json.text(text, "\"message\"").orElse(text);
    }
}
