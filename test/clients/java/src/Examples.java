import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;

/** HL7's R4 examples as HAPI's strict parser reads them, and how many errors its validator finds. The argument is a folder into which they are written. */
final class Examples {
  private static final String FOLDER = "org/hl7/fhir/testcases/r4/examples/";

  public static void main(String[] args) throws Exception {
    FhirContext context = FhirContext.forR4Cached();
    Profiles validator = new Profiles(null);
    var url = Examples.class.getClassLoader().getResource(FOLDER + "patient-example.json");
    var jar = ((JarURLConnection) url.openConnection()).getJarFile();
    List<JarEntry> entries = jar.stream().filter(each -> each.getName().startsWith(FOLDER) && each.getName().matches(".*\\.(json|xml)")).toList();
    for (JarEntry entry : entries) {
      String name = entry.getName().substring(FOLDER.length());
      String text;
      try (InputStream in = jar.getInputStream(entry)) {
        text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      Files.writeString(Path.of(args[0], name), text);
      IParser parser = name.endsWith(".xml") ? context.newXmlParser() : context.newJsonParser();
      parser.setParserErrorHandler(new StrictErrorHandler());
      long errors = validator.look(text, List.of()).stream()
          .filter(message -> message.getSeverity() == ResultSeverityEnum.ERROR || message.getSeverity() == ResultSeverityEnum.FATAL).count();
      try {
        parser.parseResource(text);
        Steps.tell(name, true, "validator: " + errors + " errors");
      } catch (RuntimeException refusal) {
        Steps.tell(name, false, "validator: " + errors + " errors; parser: " + refusal.getMessage());
      }
    }
  }
}
