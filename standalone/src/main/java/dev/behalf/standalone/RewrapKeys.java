package dev.behalf.standalone;

import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

@Command(
    name = "rewrap-keys",
    description = {
      "Waits until web-app has re-encrypted all secrets with the newest master key.",
      "First run it with --new-master, then `down` and `up`, then run it without the option."
    })
final class RewrapKeys implements Callable<Integer> {

  @ParentCommand Behalf behalf = new Behalf();

  @Option(
      names = "--new-master",
      description = "Only creates a new master key, which is used from the next `up` on.")
  boolean newMaster;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  @Override
  public Integer call() throws Exception {
    if (newMaster) {
      var id = new SecretFile(behalf.data.resolve("secrets.properties")).addMasterKey();
      System.out.println(
          "Master key "
              + id
              + " is created. Next: `behalf down`, `behalf up`, `behalf rewrap-keys`.");
      return 0;
    }
    var endpoint =
        RunFile.require(behalf.data).management("web-app").resolve("/actuator/masterkeys");
    while (true) {
      var progress = progress(endpoint);
      var left = progress.required("left").asLong();
      if (left == 0) {
        System.out.printf(
            "Everything is encrypted with master key %s: you can remove the others.%n",
            progress.required("master_key_id").asString());
        return 0;
      }
      System.out.printf("%d left to re-encrypt%n", left);
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private JsonNode progress(URI endpoint) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(endpoint).timeout(Duration.ofMinutes(1)).build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new UserError(
          "web-app answered "
              + answer.statusCode()
              + ": see `behalf logs web-app`, then run the command again.");
    }
    return StrictJson.MAPPER.readTree(answer.body());
  }
}
