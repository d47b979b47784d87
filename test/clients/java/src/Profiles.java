import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.StructureDefinition;

/** HAPI's validator with R4 and the profiles of a folder; terminology in memory alone, so what needs a server is not checked. */
final class Profiles {
  final List<String> known = new ArrayList<>();
  private final FhirValidator validator;

  /** @param folder where StructureDefinitions, ValueSets and CodeSystems lie, in folders of their own; null for R4 alone */
  Profiles(Path folder) throws Exception {
    FhirContext context = FhirContext.forR4Cached();
    PrePopulatedValidationSupport gathered = new PrePopulatedValidationSupport(context);
    if (folder != null && Files.isDirectory(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.filter(each -> each.getFileName().toString().matches("(StructureDefinition|ValueSet|CodeSystem)-.*\\.json")).sorted().toList()) {
          IBaseResource resource = context.newJsonParser().parseResource(Files.readString(file, StandardCharsets.UTF_8));
          gathered.addResource(resource);
          if (resource instanceof StructureDefinition definition) known.add(definition.getUrl());
        }
      }
    }
    DefaultProfileValidationSupport core = new DefaultProfileValidationSupport(context);
    ValidationSupportChain chain = new ValidationSupportChain(gathered, core, new InMemoryTerminologyServerValidationSupport(context),
        new CommonCodeSystemsTerminologyService(context), new SnapshotGeneratingValidationSupport(context));
    validator = context.newValidator();
    FhirInstanceValidator module = new FhirInstanceValidator(chain);
    module.setErrorForUnknownProfiles(false);
    module.setAnyExtensionsAllowed(true);
    module.setNoTerminologyChecks(false);
    validator.registerValidatorModule(module);
  }

  /** What is wrong with a resource against its base definition, what it says of itself, and the profiles that are named. */
  List<SingleValidationMessage> look(String text, List<String> profiles) {
    ValidationOptions options = new ValidationOptions();
    for (String profile : profiles) options.addProfile(profile);
    return validator.validateWithResult(text, options).getMessages();
  }
}
