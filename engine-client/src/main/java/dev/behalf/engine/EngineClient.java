package dev.behalf.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Calls engines: HTTP/1.1 with kept connections, no redirect, no repetition. Safe for use by many
 * threads; a call blocks its thread.
 */
public final class EngineClient {

  /** Carries {@code Retry-After} past the client. */
  static final String RETRY_AFTER = "Behalf-Retry-After";

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /**
   * How long an unused connection is kept. Servers close theirs after two seconds or more, and a
   * call on a connection that was just closed is a failed attempt.
   */
  private static final Duration KEPT = Duration.ofSeconds(1);

  private static final int IDLE_CONNECTIONS = 64;

  private final OkHttpClient http;

  /**
   * For calls that can be stopped: a stop that comes with the end of its call would close a
   * connection that another call has taken over.
   */
  private final OkHttpClient unshared;

  private final InstantSource clock;

  /** Models whose servers call the limit of an answer by its newer name. */
  private final Set<String> renamed = ConcurrentHashMap.newKeySet();

  public EngineClient(InstantSource clock) {
    this.clock = clock;
    this.http =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            // A repeated call would be computed twice.
            .retryOnConnectionFailure(false)
            .connectTimeout(CONNECT)
            .connectionPool(
                new ConnectionPool(IDLE_CONNECTIONS, KEPT.toMillis(), TimeUnit.MILLISECONDS))
            .addNetworkInterceptor(EngineClient::guard)
            .build();
    this.unshared =
        http.newBuilder().connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS)).build();
  }

  /** Thrown before anything is sent to an address that an engine may not have. */
  private static final class AddressRefused extends IOException {
    private AddressRefused(String message) {
      super(message);
    }
  }

  /**
   * Makes a call and waits for its end.
   *
   * @param listener receives what the engine says before its end, on this thread
   */
  public EngineAnswer call(EngineCall call, Consumer<EngineEvent> listener) {
    return call(http, call, listener, new EngineStop());
  }

  /**
   * Makes a call and waits for its end, or until it is stopped.
   *
   * @param listener receives what the engine says before its end, on this thread
   * @param stop stops the call at any time
   */
  public EngineAnswer call(EngineCall call, Consumer<EngineEvent> listener, EngineStop stop) {
    return call(unshared, call, listener, stop);
  }

  private EngineAnswer call(
      OkHttpClient connections, EngineCall call, Consumer<EngineEvent> listener, EngineStop stop) {
    var protocol =
        switch (call.endpoint()) {
          case Endpoint.Behalf behalf -> new BehalfProtocol(call, behalf);
          case Endpoint.Chat chat -> new ChatProtocol(call, chat, renamed);
        };
    while (true) {
      var answer = ask(connections, protocol, call, listener, stop);
      if (answer != null) {
        return answer;
      }
    }
  }

  private @Nullable EngineAnswer ask(
      OkHttpClient connections,
      EngineProtocol protocol,
      EngineCall call,
      Consumer<EngineEvent> listener,
      EngineStop stop) {
    var began = System.nanoTime();
    var connection = new Connected();
    var client =
        connections
            .newBuilder()
            .callTimeout(call.runWithin())
            .readTimeout(call.runWithin())
            .eventListener(connection)
            .build();
    var request = client.newCall(protocol.request(clock.instant()));
    stop.follow(request);
    try (var response = request.execute()) {
      return protocol.answer(new Reply(call, response, began, clock), listener);
    } catch (BrokenAnswer broken) {
      return broken.failed();
    } catch (IOException failed) {
      if (stop.isStopped()) {
        return new EngineAnswer.Stopped();
      }
      return connection.isMade
          ? failure(call, failed, Duration.ofNanos(System.nanoTime() - began))
          : new EngineAnswer.Unusable(true, reason(failed));
    }
  }

  /** Notes whether a call got a connection. */
  private static final class Connected extends EventListener {
    private volatile boolean isMade;

    @Override
    public void connectionAcquired(Call call, Connection connection) {
      isMade = true;
    }
  }

  private static String reason(IOException failed) {
    return switch (failed) {
      case UnknownHostException unknown -> "The host of the engine has no address.";
      case SSLException untrusted -> "The TLS connection to the engine cannot be made.";
      case InterruptedIOException timeout -> "The engine does not accept connections in time.";
      default -> "The engine does not accept connections.";
    };
  }

  private static EngineAnswer failure(EngineCall call, IOException failed, Duration took) {
    return switch (failed) {
      case AddressRefused refused ->
          new EngineAnswer.Unusable(true, String.valueOf(refused.getMessage()));
      case ProtocolException status when String.valueOf(status.getMessage()).contains("(407)") ->
          new EngineAnswer.Unusable(false, "The engine answered 407.");
      case InterruptedIOException timeout ->
          took.compareTo(call.runWithin()) >= 0
              ? new EngineAnswer.Failed(
                  true, "The engine did not end within " + call.runWithin().toMillis() + " ms.")
              : Reply.silent(call);
      default -> new EngineAnswer.Failed(true, "The connection to the engine was cut.");
    };
  }

  /**
   * Refuses addresses after the connection is made, by the address that it is connected to, and
   * before anything is sent: inputs cross no public network in clear text, and no engine is the
   * metadata service of a cloud.
   */
  private static Response guard(Interceptor.Chain chain) throws IOException {
    var connection = chain.connection();
    var address = connection == null ? null : connection.route().socketAddress().getAddress();
    if (address != null && address.isLinkLocalAddress()) {
      throw new AddressRefused("An engine cannot have a link-local address.");
    }
    if (!chain.request().isHttps() && (address == null || !isPrivate(address))) {
      throw new AddressRefused(
          "Without TLS an engine must have a loopback or private address: use https.");
    }
    var response = chain.proceed(chain.request());
    var after = response.header("Retry-After");
    // The client itself would repeat the call after "Retry-After: 0".
    return after == null
        ? response
        : response.newBuilder().removeHeader("Retry-After").header(RETRY_AFTER, after).build();
  }

  private static boolean isPrivate(InetAddress address) {
    var bytes = address.getAddress();
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        // Unique local addresses of IPv6 (RFC 4193).
        || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc);
  }
}
