import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tells what came of each step, a line of JSON each, and keeps the answers that are to be validated. */
final class Steps {
  static final ObjectMapper JSON = new ObjectMapper();
  private final Path answers;

  Steps(Path answers) {
    this.answers = answers;
  }

  interface Step {
    String run() throws Exception;
  }

  /** A step that comes to something; what it returns is told beside its name. */
  void step(String name, Step step) {
    try {
      tell(name, true, step.run());
    } catch (Throwable error) {
      tell(name, false, error.getClass().getSimpleName() + ": " + error.getMessage());
    }
  }

  static void tell(String name, boolean isAsExpected, String detail) {
    try {
      System.out.println(JSON.writeValueAsString(Map.of("step", name, "isAsExpected", isAsExpected, "detail", detail == null ? "" : detail)));
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }

  void keep(String name, String text) throws Exception {
    Files.writeString(answers.resolve(name), text);
  }

  static JsonNode task(String file) throws Exception {
    return JSON.readTree(Files.readString(Path.of(file)));
  }

  static void expect(boolean isSo, String otherwise) {
    if (!isSo) throw new IllegalStateException(otherwise);
  }
}
