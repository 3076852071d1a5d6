import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** Cuts pictures out with Pixian and java.net.http, several at once. Certificates are trusted as the JVM is told to. */
class Pixian {
    static final Map<String, String> ENV = System.getenv();
    static final Map<String, String> PARAMETERS = parameters(ENV.getOrDefault("MATTEPROOF_PARAMETERS", "{}"));
    static final int MOST_THREADS = 5; // with more a batch should not start
    static final int MOST_LIMITED = 6; // waits because of 429, 105 seconds in all, before a picture is given up
    static final int MOST_FAILED = 3; // answers of 500 to 599 after which a picture is given up
    static final long MOST_PIXELS = 25_000_000; // the API shrinks what is larger, by default
    static final int PATIENCE = 500; // seconds for a whole answer; the documents ask for 180 of silence at least
    static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(60)).build();

    static class Unable extends Exception {
        Unable(String what) {
            super("cannot do: " + what);
        }
    }

    static class Failure extends Exception {
        Failure(String reason) {
            super(reason);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        String[] inputs = ENV.get("MATTEPROOF_INPUT").split("\n");
        String[] outputs = ENV.get("MATTEPROOF_OUTPUT").split("\n");
        int threads = Math.min(Integer.parseInt(ENV.getOrDefault("MATTEPROOF_THREADS", "1")), MOST_THREADS);
        var executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> ends = new ArrayList<>();
        for (int place = 0; place < inputs.length; place++) {
            String input = inputs[place];
            Path output = Path.of(outputs[place]);
            ends.add(executor.submit(() -> {
                cutOut(input, output);
                return null;
            }));
        }
        int status = 0;
        for (Future<?> end : ends) {
            try {
                end.get();
            } catch (ExecutionException error) {
                System.err.println(error.getCause().getMessage());
                status = error.getCause() instanceof Unable ? 77 : 1;
            }
        }
        System.exit(status);
    }

    /** Sends a picture until the answer is final, and saves the result. Every picture counts its own waits. */
    static void cutOut(String input, Path output) throws Exception {
        HttpRequest request = request(input);
        int limited = 0;
        int failed = 0;
        while (true) {
            HttpResponse<byte[]> response = send(request);
            if (response.statusCode() == 429 && ++limited <= MOST_LIMITED) {
                Thread.sleep(5000L * limited);
            } else if (response.statusCode() >= 500 && ++failed < MOST_FAILED) {
                Thread.sleep(1000);
            } else {
                save(output, pictureIn(response));
                return;
            }
        }
    }

    /** Sends one request. What went wrong on the way may have been charged all the same, so it is not repeated. */
    static HttpResponse<byte[]> send(HttpRequest request) throws Failure, InterruptedException {
        try {
            return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).get(PATIENCE, TimeUnit.SECONDS);
        } catch (TimeoutException error) {
            throw new Failure("no answer in time");
        } catch (ExecutionException error) {
            throw new Failure("no whole answer: " + error.getCause());
        }
    }

    static HttpRequest request(String input) throws IOException, Unable {
        String pair = ENV.get("MATTEPROOF_API_ID") + ":" + ENV.get("MATTEPROOF_API_SECRET");
        String boundary = UUID.randomUUID().toString();
        return HttpRequest.newBuilder(URI.create(ENV.get("MATTEPROOF_BASE_URL") + "/api/v2/remove-background"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(input, boundary)))
                .build();
    }

    static byte[] body(String input, String boundary) throws IOException, Unable {
        var body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : PARAMETERS.entrySet()) {
            part(body, boundary, "name=\"" + field.getKey() + "\"\r\n", field.getValue().getBytes(StandardCharsets.UTF_8));
        }
        if (input.matches("https?://.*")) {
            part(body, boundary, "name=\"image.url\"\r\n", input.getBytes(StandardCharsets.UTF_8));
        } else {
            String type = type(Path.of(input));
            String head = "name=\"image\"; filename=\"picture." + type + "\"\r\nContent-Type: image/" + type + "\r\n";
            part(body, boundary, head, Files.readAllBytes(Path.of(input)));
        }
        body.write(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    static void part(ByteArrayOutputStream body, String boundary, String head, byte[] content) throws IOException {
        body.write(("--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n").getBytes(StandardCharsets.UTF_8));
        body.write(content);
        body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns the format of a picture that the API takes as it is. */
    static String type(Path path) throws IOException, Unable {
        try (var stream = ImageIO.createImageInputStream(path.toFile())) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new Unable("files of an unknown type");
            }
            ImageReader reader = readers.next();
            reader.setInput(stream);
            long limit = Long.parseLong(PARAMETERS.getOrDefault("max_pixels", "" + MOST_PIXELS));
            if ((long) reader.getWidth(0) * reader.getHeight(0) > limit) {
                throw new Unable("pictures that need to be shrunk");
            }
            String type = reader.getFormatName().toLowerCase();
            return type.equals("tif") ? "tiff" : type;
        }
    }

    /** Returns the picture in the response, which must be whole. */
    static byte[] pictureIn(HttpResponse<byte[]> response) throws Failure {
        byte[] body = response.body();
        if (response.statusCode() / 100 != 2) {
            throw new Failure(reason(response));
        }
        String type = response.headers().firstValue("Content-Type").orElse("no type").split(";")[0].strip().toLowerCase();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        boolean png = type.equals("image/png") && text.startsWith("\u0089PNG") && text.endsWith("IEND\u00aeB`\u0082");
        boolean jpeg = type.equals("image/jpeg") && text.startsWith("\u00ff\u00d8\u00ff") && text.endsWith("\u00ff\u00d9");
        if (!png && !jpeg) {
            throw new Failure("the answer is no whole picture: " + type + ", " + body.length + " bytes");
        }
        return body;
    }

    /** Returns what the error in the response says, in whatever form it is. */
    static String reason(HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        Matcher message = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"").matcher(text);
        return "status " + response.statusCode() + ": " + (message.find() ? unescaped(message.group(1)) : text);
    }

    /** Writes the output, which appears at once and as a whole. */
    static void save(Path output, byte[] data) throws IOException {
        Path part = output.resolveSibling(output.getFileName() + ".part");
        Files.write(part, data);
        Files.move(part, output, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns the members of a flat JSON object as the texts that a form wants. */
    static Map<String, String> parameters(String json) {
        Map<String, String> members = new LinkedHashMap<>();
        Matcher member = Pattern.compile("\"([^\"\\\\]+)\"\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^,}\\s]+))").matcher(json);
        while (member.find()) {
            members.put(member.group(1), member.group(2) == null ? member.group(3) : unescaped(member.group(2)));
        }
        return members;
    }

    /** Returns the text of a JSON string. */
    static String unescaped(String text) {
        return Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))").matcher(text).replaceAll(escape -> Matcher.quoteReplacement(
                escape.group(1) != null ? "" + (char) Integer.parseInt(escape.group(1), 16)
                        : "bfnrt".contains(escape.group(2)) ? ("\\" + escape.group(2)).translateEscapes() : escape.group(2)));
    }
}
