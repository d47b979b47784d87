import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** SMART Backend Services with what the JDK has: a signed assertion for a token. HAPI's client leaves that to whoever uses it. */
final class Smart {
  final SSLContext tls;
  private final JsonNode registered;

  Smart(JsonNode registered) throws Exception {
    this.registered = registered;
    tls = trusting(Path.of(registered.get("caFile").asText()));
  }

  private static SSLContext trusting(Path caFile) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(caFile)) {
      int at = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) store.setCertificateEntry("ca" + at++, certificate);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  String token() throws Exception {
    HttpClient http = HttpClient.newBuilder().sslContext(tls).build();
    String base = registered.get("baseUrl").asText();
    var found = http.send(HttpRequest.newBuilder(URI.create(base + "/.well-known/smart-configuration")).build(), HttpResponse.BodyHandlers.ofString());
    String endpoint = Steps.JSON.readTree(found.body()).get("token_endpoint").asText();
    String form = "grant_type=client_credentials&scope=" + encoded("system/*.cruds")
        + "&client_assertion_type=" + encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        + "&client_assertion=" + assertion(endpoint);
    var request = HttpRequest.newBuilder(URI.create(endpoint)).header("content-type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form)).build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    Steps.expect(answer.statusCode() == 200, "token: " + answer.statusCode() + " " + answer.body());
    return Steps.JSON.readTree(answer.body()).get("access_token").asText();
  }

  private String assertion(String audience) throws Exception {
    String id = registered.get("clientId").asText();
    String head = base64("{\"alg\":\"ES384\",\"kid\":\"k1\"}".getBytes(StandardCharsets.UTF_8));
    long until = Instant.now().getEpochSecond() + 120;
    String claims = Steps.JSON.createObjectNode().put("iss", id).put("sub", id).put("aud", audience).put("exp", until)
        .put("jti", UUID.randomUUID().toString()).toString();
    String signed = head + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
    signature.initSign(key());
    signature.update(signed.getBytes(StandardCharsets.UTF_8));
    return signed + "." + base64(signature.sign());
  }

  private PrivateKey key() throws Exception {
    String pem = Files.readString(Path.of(registered.get("keyFile").asText())).replaceAll("-----[^-]+-----|\\s", "");
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static JsonNode signedByPatient(JsonNode task, String word) throws Exception {
    var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(task.get("portal").asText() + "/" + word)).build(), HttpResponse.BodyHandlers.ofString());
    return Steps.JSON.readTree(answer.body());
  }
}
