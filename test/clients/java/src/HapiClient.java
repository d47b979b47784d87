import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.apache.ApacheRestfulClientFactory;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.impl.client.HttpClientBuilder;
import org.hl7.fhir.instance.model.api.IBaseOperationOutcome;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.*;

/** HAPI's generic client does what a hospital's application does: publish, file a consent, find, read, and be refused once it is revoked. */
final class HapiClient {
  private final JsonNode task;
  private final EncodingEnum encoding;
  private final Steps steps;
  private IGenericClient laboratory;
  private IGenericClient registrar;
  private IGenericClient his;
  /** The id of the report that is published by itself, and where it is. */
  private String report = "";
  private String documentUrl = "";
  private final LastAnswer last = new LastAnswer();

  private HapiClient(JsonNode task, EncodingEnum encoding) {
    this.task = task;
    this.encoding = encoding;
    steps = new Steps(Path.of(task.get("answersFolder").asText()));
  }

  /** The first argument is the task; the second `json`, `xml`, or `any` for what the client asks for by itself. */
  public static void main(String[] args) throws Exception {
    EncodingEnum encoding = args[1].equals("json") ? EncodingEnum.JSON : args[1].equals("xml") ? EncodingEnum.XML : null;
    new HapiClient(Steps.task(args[0]), encoding).run();
  }

  private IGenericClient connected(String name) throws Exception {
    JsonNode registered = task.get(name);
    Smart smart = new Smart(registered);
    FhirContext context = FhirContext.forR4();
    ApacheRestfulClientFactory factory = new ApacheRestfulClientFactory(context);
    RequestConfig patience = RequestConfig.custom().setSocketTimeout(120_000).build();
    factory.setHttpClient(HttpClientBuilder.create().setSSLContext(smart.tls).setDefaultRequestConfig(patience).build());
    context.setRestfulClientFactory(factory);
    IGenericClient client = context.newRestfulGenericClient(registered.get("baseUrl").asText());
    if (encoding != null) client.setEncoding(encoding);
    client.registerInterceptor(new BearerTokenAuthInterceptor(smart.token()));
    client.registerInterceptor(last);
    return client;
  }

  private void run() throws Exception {
    steps.step("token", () -> {
      laboratory = connected("laboratory");
      registrar = connected("registrar");
      his = connected("his");
      return "three applications, each by its own key";
    });
    steps.step("metadata", () -> {
      CapabilityStatement said = his.capabilities().ofType(CapabilityStatement.class).execute();
      keep("metadata");
      return said.getRest().get(0).getResource().size() + " types, FHIR " + said.getFhirVersion().toCode();
    });
    publish();
    steps.step("$file-consent", () -> {
      JsonNode word = Smart.signedByPatient(task, "grant");
      Parameters sent = new Parameters();
      sent.addParameter().setName("consent").setResource(parse(Consent.class, word.get("consent").toString()));
      sent.addParameter().setName("request").setValue(new Base64BinaryType(word.get("request").asText()));
      Consent filed = laboratory.operation().onType(Consent.class).named("$file-consent").withParameters(sent).returnResourceType(Consent.class).execute();
      keep("consent.filed");
      return "version " + filed.getMeta().getVersionId();
    });
    read();
    patients();
    rest();
  }

  private void publish() {
    steps.step("ITI-65", () -> {
      Bundle sent = parse(Bundle.class, Files.readString(Path.of(task.get("submissionFile").asText())));
      Bundle answer = laboratory.transaction().withBundle(sent).execute();
      keep("iti-65");
      return answer.getEntry().size() + " entries, the first " + answer.getEntryFirstRep().getResponse().getStatus();
    });
    steps.step("ITI-105", () -> {
      DocumentReference sent = new DocumentReference();
      sent.setStatus(Enumerations.DocumentReferenceStatus.CURRENT).setSubject(new Reference("Patient/" + task.get("patient").asText()));
      byte[] bytes = Files.readAllBytes(Path.of(task.get("documentFile").asText()));
      sent.addContent().getAttachment().setContentType("application/fhir+json").setData(bytes);
      MethodOutcome made = laboratory.create().resource(sent).execute();
      keep("iti-105");
      report = made.getId().getIdPart();
      return "created " + made.getCreated() + ", version " + made.getId().getVersionIdPart();
    });
  }

  private void read() {
    String patient = task.get("patient").asText();
    steps.step("ITI-67 GET", () -> {
      Bundle found = his.search().forResource(DocumentReference.class).where(DocumentReference.PATIENT.hasId(patient))
          .and(DocumentReference.STATUS.exactly().code("current")).returnBundle(Bundle.class).execute();
      keep("iti-67");
      for (var entry : found.getEntry()) {
        Attachment attachment = ((DocumentReference) entry.getResource()).getContentFirstRep().getAttachment();
        if (attachment.getUrl().contains(report)) documentUrl = attachment.getUrl();
      }
      Steps.expect(found.getEntry().size() == 3, "found " + found.getEntry().size());
      return "3 documents";
    });
    steps.step("ITI-67 POST, page by page", () -> {
      Bundle page = his.search().forResource(DocumentReference.class).where(DocumentReference.PATIENT.hasId(patient)).count(2)
          .usingStyle(SearchStyleEnum.POST).returnBundle(Bundle.class).execute();
      keep("iti-67.page");
      Bundle next = his.loadPage().next(page).execute();
      Steps.expect(page.getEntry().size() + next.getEntry().size() == 3, page.getEntry().size() + " and " + next.getEntry().size());
      return page.getEntry().size() + " and " + next.getEntry().size();
    });
    steps.step("ITI-66", () -> {
      Bundle found = his.search().forResource(ListResource.class).where(ListResource.PATIENT.hasId(patient))
          .and(ListResource.CODE.exactly().code("submissionset")).returnBundle(Bundle.class).execute();
      keep("iti-66");
      return found.getEntry().size() + " lists";
    });
    steps.step("read DocumentReference", () -> {
      String id = documentUrl.replaceAll(".*/Binary/([^?]+).*", "$1");
      DocumentReference reference = his.read().resource(DocumentReference.class).withId(id).execute();
      keep("document-reference");
      return "version " + reference.getMeta().getVersionId();
    });
    ofDocuments("ITI-68", () -> {
      IBaseResource document = his.fetchResourceFromUrl(DiagnosticReport.class, documentUrl);
      return document.fhirType();
    });
    ofDocuments("$everything", () -> {
      Bundle all = his.operation().onInstance(new IdType("Patient", patient)).named("$everything").withNoParameters(Parameters.class).useHttpGet()
          .returnResourceType(Bundle.class).execute();
      keep("everything");
      Steps.expect(all.getEntry().size() == 7, all.getEntry().size() + " entries");
      return "7 entries: the patient, 3 documents and what says where they are";
    });
    ofDocuments("$summary", () -> {
      Bundle summary = his.operation().onInstance(new IdType("Patient", patient)).named("$summary").withNoParameters(Parameters.class).useHttpGet()
          .returnResourceType(Bundle.class).execute();
      keep("summary");
      return summary.getEntry().size() + " entries";
    });
  }

  private void patients() {
    String system = task.get("numberSystem").asText();
    steps.step("ITI-104", () -> {
      Patient fed = new Patient();
      fed.addIdentifier().setSystem(system).setValue(task.get("freshNumber").asText());
      fed.addIdentifier().setSystem("urn:lianyi:pseudonym").setValue(task.get("pseudonym").asText());
      MethodOutcome made = registrar.update().resource(fed).conditional()
          .where(Patient.IDENTIFIER.exactly().systemAndIdentifier(system, task.get("freshNumber").asText())).execute();
      keep("iti-104");
      return "created " + made.getCreated();
    });
    steps.step("ITI-83", () -> {
      Parameters asked = new Parameters().addParameter("sourceIdentifier", system + "|" + task.get("freshNumber").asText());
      Parameters found = registrar.operation().onType(Patient.class).named("$ihe-pix").withParameters(asked).useHttpGet().execute();
      keep("iti-83");
      return found.getParameter().size() + " identifiers";
    });
    steps.step("ITI-78 by number", () -> {
      Bundle found = registrar.search().forResource(Patient.class).where(Patient.IDENTIFIER.exactly().systemAndIdentifier(system, task.get("number").asText()))
          .returnBundle(Bundle.class).execute();
      keep("iti-78");
      Steps.expect(found.getEntry().size() == 1, "found " + found.getEntry().size());
      return "1 patient";
    });
    steps.step("read Patient", () -> {
      Patient patient = his.read().resource(Patient.class).withId(task.get("patient").asText()).execute();
      keep("patient");
      return "active " + patient.getActive();
    });
    steps.step("Consent of a grantee", () -> {
      Bundle found = registrar.search().byUrl("Consent?patient=" + task.get("patient").asText() + "&actor.identifier=urn:lianyi:grantee%7C" + task.get("grantee").asText())
          .returnBundle(Bundle.class).execute();
      keep("consent");
      return found.getEntry().size() + " consent";
    });
  }

  private void rest() {
    steps.step("$validate", () -> {
      Observation wrong = new Observation();
      MethodOutcome said = his.validate().resource(wrong).execute();
      keep("validate");
      return ((OperationOutcome) said.getOperationOutcome()).getIssueFirstRep().getSeverity().toCode();
    });
    refused("a parameter that is not taken", 400, () -> his.search().forResource(DocumentReference.class)
        .where(DocumentReference.PATIENT.hasId(task.get("patient").asText())).include(DocumentReference.INCLUDE_SUBJECT).returnBundle(Bundle.class).execute().getId());
    steps.step("$revoke-consent", () -> {
      Parameters sent = new Parameters();
      sent.addParameter().setName("request").setValue(new Base64BinaryType(Smart.signedByPatient(task, "revocation").get("request").asText()));
      Parameters answer = laboratory.operation().onType(Consent.class).named("$revoke-consent").withParameters(sent).execute();
      keep("consent.revoked");
      return answer.getParameter().size() + " parameters";
    });
    refused("ITI-68 after revocation", 403, () -> his.fetchResourceFromUrl(DiagnosticReport.class, documentUrl).getId());
  }

  /** What holds documents is not written anew, and so not in XML. */
  private void ofDocuments(String name, Steps.Step step) {
    if (encoding == EncodingEnum.XML) refused(name, 406, step);
    else steps.step(name, step);
  }

  private void refused(String name, int status, Steps.Step step) {
    steps.step(name, () -> {
      try {
        step.run();
      } catch (BaseServerResponseException refusal) {
        IBaseOperationOutcome outcome = refusal.getOperationOutcome();
        Steps.expect(refusal.getStatusCode() == status && outcome != null, refusal.getStatusCode() + ", outcome " + (outcome != null));
        keep("outcome." + status);
        return status + " " + ((OperationOutcome) outcome).getIssueFirstRep().getDetails().getCodingFirstRep().getCode();
      }
      throw new IllegalStateException("was not refused");
    });
  }

  private <T extends IBaseResource> T parse(Class<T> type, String text) {
    return FhirContext.forR4Cached().newJsonParser().parseResource(type, text);
  }

  /** The bytes of the last answer, and not what HAPI would write for them. */
  private void keep(String name) throws Exception {
    Steps.expect(!last.text.isEmpty(), "the answer has no body");
    steps.keep(name + (last.text.startsWith("<") ? ".xml" : ".json"), last.text);
  }
}
