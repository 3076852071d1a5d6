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
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts pictures out with XTY and java.net.http, several at once. Certificates are trusted as the JVM is told to. */
class Xty {
    static final Map<String, String> ENV = System.getenv();
    static final Map<String, String> PARAMETERS = parameters(ENV.getOrDefault("MATTEPROOF_PARAMETERS", "{}"));
    static final int MOST_THREADS = 5; // with more a batch should not start
    static final int MOST_LIMITED = 6; // waits because of 429, 105 seconds in all, before a picture is given up
    static final int MOST_FAILED = 3; // answers of 500 to 599 after which a picture is given up
    static final int MOST_BYTES = 10_000_000; // the documents advise against larger files
    static final Map<String, String> SIGNATURES = Map.of("\u0089PNG", "image/png", "\u00ff\u00d8\u00ff", "image/jpeg",
            "GIF8", "image/gif", "RIFF....WEBP", "image/webp", "BM", "image/bmp", "II\\*\\x00|MM\\x00\\*", "image/tiff");
    static final int PATIENCE = 500; // seconds for a whole answer
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
            String asked = response.headers().firstValue("Retry-After").orElse("");
            long wait = asked.matches("\\d{1,6}") ? Long.parseLong(asked) : 0;
            if (response.statusCode() == 429 && ++limited <= MOST_LIMITED) {
                Thread.sleep(1000 * Math.max(5L * limited, wait));
            } else if (response.statusCode() >= 500 && ++failed < MOST_FAILED) {
                Thread.sleep(1000 * Math.max(1, wait));
            } else {
                save(output, fetched(resultUrl(response)));
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
        String url = input.matches("https?://.*") ? input : dataUrl(Path.of(input));
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":" + quoted(url) + "}}";
        String text = PARAMETERS.get("text");
        String content = text == null ? image : "{\"type\":\"text\",\"text\":" + quoted(text) + "}," + image;
        String body = "{\"model\":\"remove-bg\",\"messages\":[{\"role\":\"user\",\"content\":[" + content + "]}]}";
        if (!Set.of("text").containsAll(PARAMETERS.keySet())) {
            throw new Unable("other parameters than text: " + PARAMETERS.keySet());
        }
        return HttpRequest.newBuilder(URI.create(ENV.get("MATTEPROOF_BASE_URL") + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + ENV.get("MATTEPROOF_API_KEY"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static String dataUrl(Path path) throws IOException, Unable {
        byte[] data = Files.readAllBytes(path);
        if (data.length > MOST_BYTES) {
            throw new Unable("files of more than 10 MB");
        }
        String start = new String(data, 0, Math.min(data.length, 12), StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
            if (start.matches("(?s)(" + signature.getKey() + ").*")) {
                return "data:" + signature.getValue() + ";base64," + Base64.getEncoder().encodeToString(data);
            }
        }
        throw new Unable("files that are no pictures");
    }

    /** Returns the URL of the result, which is the content of the message of the first choice. */
    static URI resultUrl(HttpResponse<byte[]> response) throws Failure {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        Matcher content = Pattern.compile("(?s)\"choices\"\\s*:\\s*\\[.*?\"content\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"").matcher(text);
        if (response.statusCode() / 100 != 2 || !content.find()) {
            throw new Failure(reason(response));
        }
        String url = unescaped(content.group(1));
        if (!url.matches("https?://\\S+")) {
            throw new Failure("the completion has no URL: " + url);
        }
        return URI.create(url);
    }

    /** Returns the result, which may take a moment to appear. Whoever hosts it is not shown the key. */
    static byte[] fetched(URI url) throws Failure, InterruptedException {
        for (int pause = 1; pause < 3; pause++) {
            try {
                return pictureIn(send(HttpRequest.newBuilder(url).build()));
            } catch (Failure error) {
                Thread.sleep(1000L * pause);
            }
        }
        return pictureIn(send(HttpRequest.newBuilder(url).build()));
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

    /** Returns the members of a flat JSON object as texts. */
    static Map<String, String> parameters(String json) {
        Map<String, String> members = new LinkedHashMap<>();
        Matcher member = Pattern.compile("\"([^\"\\\\]+)\"\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^,}\\s]+))").matcher(json);
        while (member.find()) {
            members.put(member.group(1), member.group(2) == null ? member.group(3) : unescaped(member.group(2)));
        }
        return members;
    }

    /** Returns the text as a JSON string. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            quoted.append(letter == '"' || letter == '\\' ? "\\" + letter : letter < ' ' ? String.format("\\u%04x", (int) letter) : "" + letter);
        }
        return quoted.append('"').toString();
    }

    /** Returns the text of a JSON string. */
    static String unescaped(String text) {
        return Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))").matcher(text).replaceAll(escape -> Matcher.quoteReplacement(
                escape.group(1) != null ? "" + (char) Integer.parseInt(escape.group(1), 16)
                        : "bfnrt".contains(escape.group(2)) ? ("\\" + escape.group(2)).translateEscapes() : escape.group(2)));
    }
}
