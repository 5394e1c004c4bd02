package dev.behalf.worker.consume;

import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcomes;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.start.WarmUp;
import dev.behalf.worker.MessageSecrets;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.springframework.core.env.PropertyResolver;
import org.springframework.stereotype.Component;

/** Reads a message, and calls the worker's own health endpoint in plain HTTP. */
@Component
class JobWarmUp implements WarmUp {

  private final MessageReader reader;
  private final MessageSecrets secrets;
  private final OkHttpClient http;
  private final PropertyResolver settings;

  JobWarmUp(
      MessageReader reader, MessageSecrets secrets, OkHttpClient http, PropertyResolver settings) {
    this.reader = reader;
    this.secrets = secrets;
    this.http = http;
    this.settings = settings;
  }

  @Override
  public void warmUp() throws IOException {
    readAndAnswer();
    callHealth();
  }

  private void readAndAnswer() {
    var body = StrictJson.write(JobMessage.ofNobody());
    if (reader.read(secrets.ring().seal(body), body) instanceof MessageReader.Job job) {
      var verdict = new Deferred(ProblemCode.UNAVAILABLE.wire(), "", null);
      StrictJson.write(JobOutcomes.of(List.of(JobOutcome.of(job.message(), verdict, List.of()))));
    }
  }

  private void callHealth() throws IOException {
    var port = settings.getProperty("local.server.port", Integer.class);
    if (port == null) {
      return;
    }
    var request =
        new Request.Builder().url("http://127.0.0.1:" + port + "/actuator/health/liveness").build();
    try (var response = http.newCall(request).execute()) {
      StrictJson.MAPPER.readTree(response.body().bytes());
    }
  }
}
