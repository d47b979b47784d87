import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Validates every answer that was kept: errors by file, warnings by what they say. Arguments: folder of answers, folder of profiles, file of which profiles are for what. */
final class Validate {
  public static void main(String[] args) throws Exception {
    Profiles profiles = new Profiles(args[1].isEmpty() ? null : Path.of(args[1]));
    JsonNode wanted = Steps.task(args[2]);
    Map<String, Integer> warnings = new TreeMap<>();
    try (var files = Files.walk(Path.of(args[0]))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) validate(file, profiles, wanted, warnings);
    }
    Steps.tell("warnings", true, Steps.JSON.writeValueAsString(warnings));
  }

  private static void validate(Path file, Profiles profiles, JsonNode wanted, Map<String, Integer> warnings) throws Exception {
    String name = file.getParent().getFileName() + "/" + file.getFileName();
    List<String> held = profilesFor(file.getFileName().toString(), profiles, wanted);
    String text = Files.readString(file, StandardCharsets.UTF_8);
    List<String> errors = new ArrayList<>(errorsIn(profiles.look(text, held), warnings));
    List<String> all = new ArrayList<>(held);
    if (!text.startsWith("<")) {
      for (JsonNode entry : Steps.JSON.readTree(text).path("entry")) {
        List<String> ofEntry = profilesOfEntry(entry, profiles, wanted);
        for (String profile : ofEntry) if (!all.contains(profile)) all.add(profile);
        if (!ofEntry.isEmpty()) errors.addAll(errorsIn(profiles.look(entry.get("resource").toString(), ofEntry), warnings));
      }
    }
    Steps.tell(name, errors.isEmpty(), errors.isEmpty() ? "0 errors, held against R4" + shortly(all) : String.join("\n       ", errors));
  }

  private static List<String> errorsIn(List<SingleValidationMessage> messages, Map<String, Integer> warnings) {
    List<String> errors = new ArrayList<>();
    for (SingleValidationMessage message : messages) {
      boolean isError = message.getSeverity() == ResultSeverityEnum.ERROR || message.getSeverity() == ResultSeverityEnum.FATAL;
      if (isError) errors.add(message.getLocationString() + ": " + message.getMessage());
      if (message.getSeverity() == ResultSeverityEnum.WARNING) warnings.merge(message.getMessage().replaceAll("'[^']*'", "…"), 1, Integer::sum);
    }
    return errors;
  }

  /** Of what the facade itself has made of the ledger; a document of somebody else's has a urn for its address. */
  private static List<String> profilesOfEntry(JsonNode entry, Profiles profiles, JsonNode wanted) {
    boolean isOwn = entry.path("fullUrl").asText().startsWith("https://");
    return isOwn ? profilesFor("entry." + entry.path("resource").path("resourceType").asText() + ".json", profiles, wanted) : List.of();
  }

  /** The profiles of the longest name that a file's begins with, as far as they are at hand. */
  private static List<String> profilesFor(String file, Profiles profiles, JsonNode wanted) {
    String best = "";
    for (var names = wanted.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (file.startsWith(name + ".") && name.length() > best.length()) best = name;
    }
    List<String> held = new ArrayList<>();
    if (!best.isEmpty()) for (JsonNode profile : wanted.get(best)) if (profiles.known.contains(profile.asText())) held.add(profile.asText());
    return held;
  }

  private static String shortly(List<String> profiles) {
    return String.join("", profiles.stream().map(each -> ", " + each.replaceAll(".*/", "")).toList());
  }
}
