package dev.behalf.worker.compute;

import dev.behalf.contract.JobMessage;
import dev.behalf.worker.WorkerSettings;
import dev.behalf.worker.secrets.ManagedKey;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A client of compute-server that answers without a server what the test says, in order. */
public final class FakeCompute extends ComputeClient {

  private static final URI NOWHERE = URI.create("http://localhost:1");

  /** The keys of the calls, in order. */
  public final List<ManagedKey> called = new ArrayList<>();

  /** The tokens of the calls, in order; empty for none. */
  public final List<String> tokens = new ArrayList<>();

  private final Queue<ComputeAnswer> answers;

  public FakeCompute(ComputeAnswer... answers) {
    super(new OkHttpClient(), settings(), InstantSource.system());
    this.answers = new ArrayDeque<>(List.of(answers));
  }

  static WorkerSettings settings() {
    return settings(Duration.ofSeconds(60));
  }

  /** Returns settings for no server. */
  public static WorkerSettings settings(Duration keyMaxAge) {
    return settings(NOWHERE, keyMaxAge);
  }

  /** Returns settings for one server in place of web-app and compute-server. */
  public static WorkerSettings settings(URI server, Duration keyMaxAge) {
    return new WorkerSettings(
        server,
        server,
        "",
        "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        keyMaxAge,
        new WorkerSettings.Concurrency(2, 1),
        false,
        Duration.ofMinutes(30));
  }

  @Override
  public ComputeAnswer call(ManagedKey key, JobMessage job, @Nullable String jobToken) {
    called.add(key);
    tokens.add(jobToken == null ? "" : jobToken);
    return answers.remove();
  }
}
