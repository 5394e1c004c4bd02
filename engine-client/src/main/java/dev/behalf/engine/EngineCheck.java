package dev.behalf.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Engine;
import dev.behalf.operation.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks that an engine obeys the protocol: it calls the engine with the examples of a definition,
 * and with calls that an engine has to refuse or to survive.
 */
public final class EngineCheck {

  /** How long a call is let run before it is broken off. */
  private static final Duration BROKEN_OFF = Duration.ofMillis(50);

  private static final String OTHER_SECRET = "no engine should know this secret of 44 bytes";

  private final EngineClient client;
  private final Definition definition;
  private final Engine.Remote engine;
  private final @Nullable EngineSecret secret;
  private final List<Finding> findings = new ArrayList<>();
  private volatile boolean hasEstimated;

  private EngineCheck(
      EngineClient client,
      Definition definition,
      Engine.Remote engine,
      @Nullable EngineSecret secret) {
    this.client = client;
    this.definition = definition;
    this.engine = engine;
    this.secret = secret;
  }

  /**
   * What was found of one rule.
   *
   * @param fault what is wrong; null if the engine obeys the rule
   */
  public record Finding(String rule, @Nullable String fault) {}

  /**
   * Checks an engine.
   *
   * @param definition a definition with an engine called by HTTP and at least one example; of a
   *     chat server, only the answers to the examples are checked
   * @param secret the secret that the definition names; null if it names none
   * @return a finding for each rule that was checked, in order; without an answer to the examples,
   *     the other rules are not checked
   */
  public static List<Finding> run(
      EngineClient client, Definition definition, @Nullable EngineSecret secret) {
    if (!(definition.engine() instanceof Engine.Remote engine) || definition.examples().isEmpty()) {
      throw new IllegalArgumentException(definition.name());
    }
    var check = new EngineCheck(client, definition, engine, secret);
    check.run();
    return List.copyOf(check.findings);
  }

  private void run() {
    var inputs = definition.examples().stream().map(Definition.Example::input).toList();
    var first = inputs.getFirst();
    var answers = inputs.stream().map(this::call).toList();
    check("It answers each example with a result.", answers.stream().map(this::noResult));
    if (findings.getFirst().fault() != null) {
      return;
    }
    check("Its results have the form that \"output\" says.", answers.stream().map(this::badForm));
    if (definition.units().isMetered()) {
      check(
          "It reports units, and no more than the most.",
          IntStream.range(0, inputs.size()).mapToObj(i -> badUnits(inputs.get(i), answers.get(i))));
    }
    check("It answers the same job again.", Stream.of(noResult(call(first))));
    check("It answers calls at the same time.", atOnce(first).stream());
    if (engine instanceof Engine.Chat) {
      check("It reports its usage.", Stream.of(hasEstimated ? "It reported none." : ""));
      return;
    }
    check(
        "It refuses a body that is no JSON with 400, 415 or 422.",
        Stream.of(notRefused(call(first, "{".getBytes(UTF_8), secret, runWithin()))));
    call(first, StrictJson.write(first), secret, BROKEN_OFF);
    check("It answers after a call that was broken off.", Stream.of(noResult(call(first))));
    if (secret != null) {
      check("It refuses a call without a signature with 401.", Stream.of(accepted(first, null)));
      check(
          "It refuses a call that another secret has signed with 401.",
          Stream.of(accepted(first, EngineSecret.of("other", OTHER_SECRET))));
    }
  }

  /** Adds the first fault, or that there is none. */
  private void check(String rule, Stream<String> faults) {
    findings.add(
        new Finding(rule, faults.filter(fault -> !fault.isEmpty()).findFirst().orElse(null)));
  }

  private String noResult(EngineAnswer answer) {
    return switch (answer) {
      case EngineAnswer.Done done -> "";
      case EngineAnswer.Refused refused ->
          "It refused an example: " + refused.code() + ": " + refused.detail();
      case EngineAnswer.TooLarge large ->
          "A result is larger than the %,d bytes that \"limits.output\" allows."
              .formatted(large.limit());
      case EngineAnswer.Busy busy -> "It answered that it was busy.";
      case EngineAnswer.Stopped stopped -> "The call was stopped.";
      case EngineAnswer.Unusable unusable -> unusable.reason();
      case EngineAnswer.Failed failed -> failed.reason();
    };
  }

  private String badForm(EngineAnswer answer) {
    var output = definition.output();
    return output == null || !(answer instanceof EngineAnswer.Done done)
        ? ""
        : output.check(done.result()).stream().findFirst().map(Violation::sentence).orElse("");
  }

  private String badUnits(ObjectNode input, EngineAnswer answer) {
    if (!(answer instanceof EngineAnswer.Done done)) {
      return "";
    }
    if (done.units().isEmpty()) {
      return "It reported no units, in Behalf-Units or in a line.";
    }
    var most = maxUnits(input);
    return done.units().getAsLong() > most
        ? "It reported %,d units; Behalf-Max-Units was %,d."
            .formatted(done.units().getAsLong(), most)
        : "";
  }

  private String notRefused(EngineAnswer answer) {
    return switch (answer) {
      case EngineAnswer.Refused refused -> "";
      case EngineAnswer.Done done -> "It answered with a result.";
      default -> noResult(answer);
    };
  }

  private String accepted(ObjectNode input, @Nullable EngineSecret with) {
    return switch (call(input, StrictJson.write(input), with, runWithin())) {
      case EngineAnswer.Unusable refused
          when refused.reason().contains("401") || refused.reason().contains("403") ->
          "";
      case EngineAnswer.Done done -> "It did the work.";
      case EngineAnswer other -> "It did something else: " + noResult(other);
    };
  }

  private List<String> atOnce(ObjectNode input) {
    int calls = Math.min(4, definition.limits().atOnce());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var pending = new ArrayList<Future<EngineAnswer>>();
      for (int i = 0; i < calls; i++) {
        pending.add(threads.submit(() -> call(input)));
      }
      var faults = new ArrayList<String>();
      for (var answer : pending) {
        faults.add(noResult(answer.get()));
      }
      return faults;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of("The check was interrupted.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private EngineAnswer call(ObjectNode input) {
    return call(input, StrictJson.write(input), secret, runWithin());
  }

  private EngineAnswer call(
      ObjectNode input, byte[] body, @Nullable EngineSecret with, Duration runWithin) {
    var call =
        new EngineCall(
            Endpoint.of(definition, input, maxUnits(input), with, null),
            new UUID(0, 1),
            UUID.randomUUID(),
            new UUID(0, 2),
            Environment.TEST,
            definition.name() + "@1",
            1,
            maxUnits(input),
            body,
            runWithin,
            definition.limits().silence(),
            definition.limits().output(),
            null);
    // The log of a chat has one thing to say.
    return client.call(call, event -> hasEstimated |= event instanceof EngineEvent.Log);
  }

  private Duration runWithin() {
    return definition.limits().runWithin();
  }

  /** Counts a token for each character, because only compute-server has the model's vocabulary. */
  private long maxUnits(ObjectNode input) {
    return definition.units(input, String::length);
  }
}
