package dev.behalf.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A client of one Behalf server, for one user with an API key or for one platform. It can be made
 * while the server is down, is safe for use by many threads, and is made once.
 *
 * <pre>{@code
 * try (var behalf = BehalfClient.fromEnvironment()) {
 *   var submitted = behalf.jobs().submit("greet", Map.of("name", "Ada"));
 *   var job = behalf.jobs().await(submitted.job().id(), Duration.ofMinutes(1));
 *   System.out.println(job.result());
 * }
 * }</pre>
 *
 * <p>Every method throws {@link ProblemException} if the server refuses, and {@link
 * ConnectionException} if no answer comes.
 */
public final class BehalfClient implements AutoCloseable {

  /** Longest wait for requests under way when a client is closed. */
  private static final Duration TO_END = Duration.ofSeconds(5);

  private final Transport transport;
  private final @Nullable HttpClient connections;

  /**
   * Makes a client.
   *
   * @param connections what it closes; null if it shares those of another client
   */
  private BehalfClient(Transport transport, @Nullable HttpClient connections) {
    this.transport = transport;
    this.connections = connections;
  }

  /**
   * A client of the server {@code BEHALF_SERVER} with the key {@code BEHALF_API_KEY}.
   *
   * @throws IllegalStateException if one of them is not set
   */
  public static BehalfClient fromEnvironment() {
    return builder(variable("BEHALF_SERVER")).apiKey(variable("BEHALF_API_KEY")).build();
  }

  private static String variable(String name) {
    var value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("Set the environment variable " + name + ".");
    }
    return value;
  }

  /**
   * Begins to make a client.
   *
   * @param server such as {@code https://behalf.example.com}
   * @throws IllegalArgumentException if that is no address of a server
   */
  public static Builder builder(String server) {
    return new Builder(ServerAddress.parse(server));
  }

  public static Builder builder(ServerAddress server) {
    return new Builder(server);
  }

  /** The settings of a client. */
  public static final class Builder {

    private final ServerAddress server;
    private @Nullable Credential credential;
    private RetryPolicy retries = RetryPolicy.SAFELY;
    private InstantSource clock = InstantSource.system();
    private Pause pause = Pause.JITTERED;
    private Consumer<String> onRetry = why -> {};
    private String userAgent = "behalf-java";
    private UnaryOperator<HttpClient> http = UnaryOperator.identity();
    private boolean isExposureAllowed;

    private Builder(ServerAddress server) {
      this.server = server;
    }

    /** The key of a user. */
    public Builder apiKey(String key) {
      credential = new Credential.ApiKey(key);
      return this;
    }

    /** The client id and secret of a platform. */
    public Builder platform(String clientId, String secret) {
      credential = new Credential.Platform(clientId, secret);
      return this;
    }

    /** Default: {@link RetryPolicy#SAFELY}. */
    public Builder retries(RetryPolicy policy) {
      retries = policy;
      return this;
    }

    /** Receives the reason for each retry, for a log. */
    public Builder onRetry(Consumer<String> receiver) {
      onRetry = receiver;
      return this;
    }

    /** Names the program, for the activity of the user: {@code User-Agent}. */
    public Builder userAgent(String name) {
      userAgent = name;
      return this;
    }

    /**
     * Lets the credential be sent without encryption to another machine, where others can read it.
     */
    public Builder allowExposure() {
      isExposureAllowed = true;
      return this;
    }

    /**
     * Wraps the HTTP client, to measure or trace its requests. The wrapper changes neither the
     * address nor the headers that are set.
     */
    public Builder http(UnaryOperator<HttpClient> wrapper) {
      http = wrapper;
      return this;
    }

    /** For tests. */
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /** For tests, and for whoever wants pauses of an exact length. */
    public Builder pause(Pause waits) {
      pause = waits;
      return this;
    }

    /**
     * Makes the client, which connects when it is first used.
     *
     * @throws IllegalStateException if there is no credential, or if it would be sent without
     *     encryption
     */
    public BehalfClient build() {
      if (credential == null) {
        throw new IllegalStateException("Set an API key, or the id and secret of a platform.");
      }
      if (server.isExposed() && !isExposureAllowed) {
        throw new IllegalStateException(
            server + " is not encrypted: others on the network can read the key. Use https.");
      }
      var connections =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Transport.CONNECT)
              .build();
      var transport =
          new Transport(
              http.apply(connections),
              server,
              credential,
              null,
              userAgent,
              retries,
              clock,
              pause,
              onRetry);
      return new BehalfClient(transport, connections);
    }
  }

  /**
   * Returns a client that acts for a user of the platform. It shares the connections of this one,
   * and ends with it.
   *
   * @param externalId the platform's own id of the user
   */
  public BehalfClient onBehalfOf(String externalId) {
    return new BehalfClient(transport.actingFor(externalId), null);
  }

  /** Returns a client with another policy. It shares the connections of this one. */
  public BehalfClient retrying(RetryPolicy policy) {
    return new BehalfClient(transport.retrying(policy), null);
  }

  public Jobs jobs() {
    return new Jobs(transport);
  }

  public Batches batches() {
    return new Batches(transport);
  }

  public Keys keys() {
    return new Keys(transport);
  }

  /** Webhooks of the user or of the platform. */
  public Webhooks webhooks() {
    return new Webhooks(transport);
  }

  /** A platform's own users. */
  public Users users() {
    return new Users(transport);
  }

  /** Returns the operations that the user may run. */
  public List<Operation> operations() {
    return transport.get(
        "/api/v1/operations",
        json -> json.required("operations").valueStream().map(Operation::of).toList());
  }

  /**
   * Returns an operation with the schema of its input.
   *
   * @throws ProblemException with status 404 if the user may run no such operation
   */
  public Operation operation(String name) {
    return transport.get("/api/v1/operations/" + Query.encoded(name), Operation::of);
  }

  /** Returns the units of this month. */
  public Usage usage() {
    return transport.get("/api/v1/usage", Usage::of);
  }

  public Me me() {
    return transport.get("/api/v1/me", Me::of);
  }

  /**
   * Asks the server whether it accepts the credential, which may be a user's or a platform's.
   *
   * @throws ProblemException if it does not
   */
  public void verify() {
    transport.credential().verify(transport);
  }

  /**
   * Closes the connections, after requests under way have had a few seconds to end. A client that
   * was made of another one closes nothing: it shares the other's.
   */
  @Override
  public void close() {
    if (connections == null) {
      return;
    }
    connections.shutdown();
    try {
      connections.awaitTermination(TO_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.shutdownNow();
  }
}
