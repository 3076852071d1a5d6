import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** Cuts pictures out with Pixian and java.net.http, several at once. */
class Pixian {
    static final long MOST_PIXELS = 25_000_000; // the API shrinks what is larger, by default

    public static void main(String[] arguments) throws InterruptedException {
        Job.run(input -> Answer.pictureIn(Answer.last(request(input), response -> 0)));
    }

    static HttpRequest request(String input) throws IOException, Job.Unable {
        String pair = Job.ENV.get("MATTEPROOF_API_ID") + ":" + Job.ENV.get("MATTEPROOF_API_SECRET");
        String boundary = UUID.randomUUID().toString();
        return HttpRequest.newBuilder(URI.create(Job.ENV.get("MATTEPROOF_BASE_URL") + "/api/v2/remove-background"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body(input, boundary)))
                .build();
    }

    static byte[] body(String input, String boundary) throws IOException, Job.Unable {
        var body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : Job.PARAMETERS.entrySet()) {
            part(body, boundary, "name=\"" + field.getKey() + "\"\r\n", field.getValue().getBytes(StandardCharsets.UTF_8));
        }
        if (Job.isUrl(input)) {
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
    static String type(Path path) throws IOException, Job.Unable {
        try (var stream = ImageIO.createImageInputStream(path.toFile())) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new Job.Unable("files of an unknown type");
            }
            ImageReader reader = readers.next();
            reader.setInput(stream);
            long limit = Long.parseLong(Job.PARAMETERS.getOrDefault("max_pixels", "" + MOST_PIXELS));
            if ((long) reader.getWidth(0) * reader.getHeight(0) > limit) {
                throw new Job.Unable("pictures that need to be shrunk");
            }
            String type = reader.getFormatName().toLowerCase();
            return type.equals("tif") ? "tiff" : type;
        }
    }
}
