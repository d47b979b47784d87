import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.client.api.IHttpResponse;
import java.nio.charset.StandardCharsets;

/** Remembers the last answer as it came. */
@Interceptor
public final class LastAnswer {
  String text = "";

  @Hook(Pointcut.CLIENT_RESPONSE)
  public void heard(IHttpResponse response) throws Exception {
    response.bufferEntity();
    try (var in = response.readEntity()) {
      text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
