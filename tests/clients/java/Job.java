import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The job of one run, as the environment tells it, and how a run ends. */
class Job {
    static final Map<String, String> ENV = System.getenv();
    static final Map<String, String> PARAMETERS = Json.members(ENV.getOrDefault("MATTEPROOF_PARAMETERS", "{}"));
    static final int MOST_THREADS = 5; // with more a batch should not start

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

    /** Returns the result for an input. */
    interface Work {
        byte[] resultOf(String input) throws Exception;
    }

    static boolean isUrl(String input) {
        return input.matches("https?://.*");
    }

    /** Does the work on every picture of the job, several at once, and ends the program. */
    static void run(Work work) throws InterruptedException {
        String[] inputs = ENV.get("MATTEPROOF_INPUT").split("\n");
        String[] outputs = ENV.get("MATTEPROOF_OUTPUT").split("\n");
        int threads = Math.min(Integer.parseInt(ENV.getOrDefault("MATTEPROOF_THREADS", "1")), MOST_THREADS);
        var executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> ends = new ArrayList<>();
        for (int place = 0; place < inputs.length; place++) {
            String input = inputs[place];
            Path output = Path.of(outputs[place]);
            ends.add(executor.submit(() -> {
                save(output, work.resultOf(input));
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

    /** Writes the output, which appears at once and as a whole. */
    static void save(Path output, byte[] data) throws IOException {
        Path part = output.resolveSibling(output.getFileName() + ".part");
        Files.write(part, data);
        Files.move(part, output, StandardCopyOption.ATOMIC_MOVE);
    }
}
