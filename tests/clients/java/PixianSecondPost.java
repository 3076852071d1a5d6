import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a picture out with Pixian, and sends it once more when the answer is slow. */
class PixianSecondPost {
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var env = System.getenv();
        String pair = env.get("MATTEPROOF_API_ID") + ":" + env.get("MATTEPROOF_API_SECRET");
        HttpRequest request = HttpRequest.newBuilder(URI.create(env.get("MATTEPROOF_BASE_URL") + "/api/v2/remove-background"))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes()))
                .header("Content-Type", "multipart/form-data; boundary=f1d57c6e")
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(env.get("MATTEPROOF_INPUT"), env.get("MATTEPROOF_PARAMETERS"))))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException error) {
            response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
        if (response.statusCode() != 200) {
            System.err.println(new String(response.body()));
            System.exit(1);
        }
        Files.write(Path.of(env.get("MATTEPROOF_OUTPUT")), response.body());
    }

    static byte[] form(String input, String parameters) throws IOException {
        var form = new ByteArrayOutputStream();
        Matcher member = Pattern.compile("\"([^\"]+)\"\\s*:\\s*\"?([^\",}]+)").matcher(parameters == null ? "" : parameters);
        while (member.find()) {
            part(form, "name=\"" + member.group(1) + "\"", member.group(2).strip().getBytes());
        }
        if (input.startsWith("http")) {
            part(form, "name=\"image.url\"", input.getBytes());
        } else {
            part(form, "name=\"image\"; filename=\"picture\"", Files.readAllBytes(Path.of(input)));
        }
        form.write("--f1d57c6e--\r\n".getBytes());
        return form.toByteArray();
    }

    static void part(ByteArrayOutputStream form, String head, byte[] content) throws IOException {
        form.write(("--f1d57c6e\r\nContent-Disposition: form-data; " + head + "\r\n\r\n").getBytes());
        form.write(content);
        form.write("\r\n".getBytes());
    }
}
