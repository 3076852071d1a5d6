import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** Cuts pictures out with XTY and java.net.http, several at once. */
class Xty {
    static final int MOST_BYTES = 10_000_000; // the documents advise against larger files
    static final Map<String, String> SIGNATURES = Map.of("\u0089PNG", "image/png", "\u00ff\u00d8\u00ff", "image/jpeg",
            "GIF8", "image/gif", "RIFF....WEBP", "image/webp", "BM", "image/bmp", "II\\*\\x00|MM\\x00\\*", "image/tiff");

    public static void main(String[] arguments) throws InterruptedException {
        Job.run(input -> fetched(resultUrl(Answer.last(request(input), Answer::retryAfter))));
    }

    static HttpRequest request(String input) throws IOException, Job.Unable {
        String url = Job.isUrl(input) ? input : dataUrl(Path.of(input));
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":" + Json.quoted(url) + "}}";
        String text = Job.PARAMETERS.get("text");
        String content = text == null ? image : "{\"type\":\"text\",\"text\":" + Json.quoted(text) + "}," + image;
        String body = "{\"model\":\"remove-bg\",\"messages\":[{\"role\":\"user\",\"content\":[" + content + "]}]}";
        if (!Set.of("text").containsAll(Job.PARAMETERS.keySet())) {
            throw new Job.Unable("other parameters than text: " + Job.PARAMETERS.keySet());
        }
        return HttpRequest.newBuilder(URI.create(Job.ENV.get("MATTEPROOF_BASE_URL") + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + Job.ENV.get("MATTEPROOF_API_KEY"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static String dataUrl(Path path) throws IOException, Job.Unable {
        byte[] data = Files.readAllBytes(path);
        if (data.length > MOST_BYTES) {
            throw new Job.Unable("files of more than 10 MB");
        }
        String start = new String(data, 0, Math.min(data.length, 12), StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
            if (start.matches("(?s)(" + signature.getKey() + ").*")) {
                return "data:" + signature.getValue() + ";base64," + Base64.getEncoder().encodeToString(data);
            }
        }
        throw new Job.Unable("files that are no pictures");
    }

    /** Returns the URL of the result, which is the content of the message of the first choice. */
    static URI resultUrl(HttpResponse<byte[]> response) throws Job.Failure {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        var content = Json.text(text, "(?s)\"choices\"\\s*:\\s*\\[.*?\"content\"");
        if (response.statusCode() / 100 != 2 || content.isEmpty()) {
            throw new Job.Failure(Answer.reason(response));
        }
        String url = content.get();
        if (!url.matches("https?://\\S+")) {
            throw new Job.Failure("the completion has no URL: " + url);
        }
        return URI.create(url);
    }

    /** Returns the result, which may take a moment to appear. Whoever hosts it is not shown the key. */
    static byte[] fetched(URI url) throws Job.Failure, InterruptedException {
        for (int pause = 1; pause < 3; pause++) {
            try {
                return Answer.pictureIn(Answer.to(HttpRequest.newBuilder(url).build()));
            } catch (Job.Failure error) {
                Thread.sleep(1000L * pause);
            }
        }
        return Answer.pictureIn(Answer.to(HttpRequest.newBuilder(url).build()));
    }
}
