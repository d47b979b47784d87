import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.llp.MinLowerLayerProtocol;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.v25.message.ADT_A01;
import ca.uhn.hl7v2.model.v25.message.ADT_A39;
import ca.uhn.hl7v2.model.v25.message.MDM_T02;
import ca.uhn.hl7v2.model.v25.message.ORU_R01;
import ca.uhn.hl7v2.model.v25.segment.MSH;
import ca.uhn.hl7v2.model.v25.segment.PID;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** HAPI's classes for HL7 v2 build messages, send them by MLLP, and read what they are answered, in UTF-8 and in GB 18030. */
final class Hl7Sender {
  private final JsonNode task;
  private final Charset charset;
  private int sent = 0;

  private Hl7Sender(JsonNode task, Charset charset) {
    this.task = task;
    this.charset = charset;
  }

  public static void main(String[] args) throws Exception {
    JsonNode task = Steps.task(args[0]);
    for (Charset charset : new Charset[] {StandardCharsets.UTF_8, Charset.forName("GB18030")}) new Hl7Sender(task, charset).run();
  }

  private void run() throws Exception {
    try (HapiContext context = new DefaultHapiContext()) {
      MinLowerLayerProtocol mllp = new MinLowerLayerProtocol();
      mllp.setCharset(charset);
      context.setLowerLayerProtocol(mllp);
      context.setValidationContext(ValidationContextFactory.defaultValidation());
      var connection = context.newClient("127.0.0.1", task.get("hl7Port").asInt(), false);
      connection.getInitiator().setTimeout(60, TimeUnit.SECONDS);
      for (String trigger : new String[] {"A01", "A08"}) exchange(connection, "ADT^" + trigger, "AA", admission(trigger));
      exchange(connection, "ORU^R01", "AA", report());
      exchange(connection, "MDM^T02", "AA", letter());
      exchange(connection, "ADT^A40", "AA", merge());
      exchange(connection, "ORU^R01 of a number that nobody has linked", "AE", unlinked());
      connection.close();
    }
  }

  private void exchange(ca.uhn.hl7v2.app.Connection connection, String name, String code, Message message) {
    String step = name + " in " + charset.name();
    try {
      Message answer = connection.getInitiator().sendAndReceive(message);
      Terser terser = new Terser(answer);
      boolean isOurs = terser.get("/MSA-2").equals(new Terser(message).get("/MSH-10"));
      String error = terser.get("/ERR-5-1");
      Steps.tell(step, isOurs && terser.get("/MSA-1").equals(code), terser.get("/MSA-1") + " in an " + answer.getName() + (error == null ? "" : ", " + error));
    } catch (Exception failure) {
      Steps.tell(step, false, failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
  }

  private void head(MSH msh) throws Exception {
    msh.getSendingApplication().getNamespaceID().setValue("HIS");
    msh.getSendingFacility().getNamespaceID().setValue("HOSP");
    msh.getMessageControlID().setValue(charset.name() + ++sent);
    msh.getCharacterSet(0).setValue(charset.equals(StandardCharsets.UTF_8) ? "UNICODE UTF-8" : "GB 18030-2000");
  }

  private void person(PID pid, String number) throws Exception {
    pid.getPatientIdentifierList(0).getIDNumber().setValue(number);
    pid.getPatientIdentifierList(0).getAssigningAuthority().getNamespaceID().setValue("HOSP");
    pid.getPatientIdentifierList(0).getIdentifierTypeCode().setValue("MR");
    pid.getPatientName(0).getFamilyName().getSurname().setValue("欧阳");
    pid.getPatientName(0).getGivenName().setValue("䶮");
  }

  private Message admission(String trigger) throws Exception {
    ADT_A01 message = new ADT_A01();
    message.initQuickstart("ADT", trigger, "P");
    head(message.getMSH());
    message.getEVN().getRecordedDateTime().getTime().setValue("20261130080000+0800");
    person(message.getPID(), task.get("number").asText());
    message.getPV1().getPatientClass().setValue("I");
    return message;
  }

  private Message report() throws Exception {
    return reportOf(task.get("number").asText());
  }

  private Message unlinked() throws Exception {
    return reportOf("nobody-" + task.get("name").asText() + charset.name());
  }

  private Message reportOf(String number) throws Exception {
    ORU_R01 message = new ORU_R01();
    message.initQuickstart("ORU", "R01", "P");
    head(message.getMSH());
    var result = message.getPATIENT_RESULT();
    person(result.getPATIENT().getPID(), number);
    var obr = result.getORDER_OBSERVATION().getOBR();
    obr.getUniversalServiceIdentifier().getIdentifier().setValue("58410-2");
    obr.getUniversalServiceIdentifier().getText().setValue("血常规");
    obr.getUniversalServiceIdentifier().getNameOfCodingSystem().setValue("LN");
    obr.getResultStatus().setValue("F");
    var obx = result.getORDER_OBSERVATION().getOBSERVATION().getOBX();
    obx.getSetIDOBX().setValue("1");
    obx.getValueType().setValue("NM");
    obx.getObservationIdentifier().getIdentifier().setValue("718-7");
    var value = new ca.uhn.hl7v2.model.v25.datatype.NM(message);
    value.setValue("142");
    obx.getObservationValue(0).setData(value);
    obx.getObservationResultStatus().setValue("F");
    return message;
  }

  private Message letter() throws Exception {
    MDM_T02 message = new MDM_T02();
    message.initQuickstart("MDM", "T02", "P");
    head(message.getMSH());
    message.getEVN().getRecordedDateTime().getTime().setValue("20261130080000+0800");
    person(message.getPID(), task.get("number").asText());
    message.getPV1().getPatientClass().setValue("I");
    message.getTXA().getSetIDTXA().setValue("1");
    message.getTXA().getDocumentType().setValue("DS");
    message.getTXA().getUniqueDocumentNumber().getEntityIdentifier().setValue("letter-" + charset.name());
    message.getTXA().getDocumentCompletionStatus().setValue("AU");
    var obx = message.getOBXNTE().getOBX();
    obx.getSetIDOBX().setValue("1");
    obx.getValueType().setValue("ED");
    obx.getObservationIdentifier().getIdentifier().setValue("18842-5");
    var file = new ca.uhn.hl7v2.model.v25.datatype.ED(message);
    file.getTypeOfData().setValue("application");
    file.getDataSubtype().setValue("pdf");
    file.getEncoding().setValue("Base64");
    String pdf = "%PDF-1.4\n% " + charset.name() + "\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    file.getData().setValue(Base64.getEncoder().encodeToString(pdf.getBytes(StandardCharsets.US_ASCII)));
    obx.getObservationValue(0).setData(file);
    obx.getObservationResultStatus().setValue("F");
    return message;
  }

  private Message merge() throws Exception {
    ADT_A39 message = new ADT_A39();
    message.initQuickstart("ADT", "A40", "P");
    head(message.getMSH());
    message.getEVN().getRecordedDateTime().getTime().setValue("20261130080000+0800");
    person(message.getPATIENT().getPID(), "survivor-" + task.get("name").asText() + charset.name());
    var prior = message.getPATIENT().getMRG().getPriorPatientIdentifierList(0);
    prior.getIDNumber().setValue(task.get("number").asText());
    prior.getAssigningAuthority().getNamespaceID().setValue("HOSP");
    prior.getIdentifierTypeCode().setValue("MR");
    return message;
  }
}
