package dev.behalf.testkit.faults;

import java.io.File;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.instrument.Instrumentation;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * Java agent that adds fail points to the classes of a service as they are loaded. It exists in
 * tests only: the services do not know it.
 *
 * <p>A file arms a point. The thread that deletes the file ends the process, so that exactly one
 * passage, in one replica, triggers the point.
 */
public final class FailPointAgent {

  private FailPointAgent() {}

  /** Marks the parameter that receives the path of the arming file. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Trigger {}

  /**
   * Installs the points. The JVM calls this method with the folder and the points, separated by
   * semicolons.
   */
  public static void premain(String arguments, Instrumentation instrumentation) {
    var parts = arguments.split(";", -1);
    var agent =
        new AgentBuilder.Default(new ByteBuddy().with(TypeValidation.DISABLED))
            .disableClassFormatChanges()
            .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly());
    for (int i = 1; i < parts.length; i++) {
      agent = with(agent, parts[0], parts[i].split("#", -1));
    }
    agent.installOn(instrumentation);
  }

  /** Adds a point to the agent. A point of the kind {@code old} needs no arming. */
  private static AgentBuilder with(AgentBuilder agent, String folder, String[] point) {
    if (point[3].equals("old")) {
      return with(agent, point, Advice.to(InOldWords.class));
    }
    var advice =
        Advice.withCustomMapping()
            .bind(Trigger.class, folder + "/" + point[0])
            .to(point[3].equals("end") ? AtEnd.class : AtStart.class);
    return with(agent, point, advice);
  }

  private static AgentBuilder with(AgentBuilder agent, String[] point, Advice advice) {
    return agent
        .type(ElementMatchers.named(point[1]))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(advice.on(ElementMatchers.named(point[2]))));
  }

  // The code below is copied into the services' methods, which see the JDK but not this class.

  static final class AtStart {
    @Advice.OnMethodEnter
    static void enter(@Trigger String file) {
      if (new File(file).delete()) {
        Runtime.getRuntime().halt(137);
      }
    }

    private AtStart() {}
  }

  /**
   * Rewrites a message with a single outcome to the first version's format: without the list, and
   * with two stations only.
   */
  static final class InOldWords {
    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) byte[] written) {
      var text = new String(written, java.nio.charset.StandardCharsets.UTF_8);
      var start = "{\"v\":2,\"outcomes\":[";
      if (text.startsWith(start) && text.indexOf("\"job_id\"") == text.lastIndexOf("\"job_id\"")) {
        text =
            text.substring(start.length(), text.length() - 2)
                .replaceAll(
                    "\\{\"station\":\"(verified|key_found|received|computed|charged)\",\"at\":[^}]*},",
                    "");
        written = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (System.getProperty("behalf.old-words") == null) {
          System.setProperty("behalf.old-words", "said");
          System.err.println("an outcome in old words: " + text);
        }
      }
    }

    private InOldWords() {}
  }

  static final class AtEnd {
    @Advice.OnMethodExit
    static void exit(@Trigger String file) {
      if (new File(file).delete()) {
        Runtime.getRuntime().halt(137);
      }
    }

    private AtEnd() {}
  }
}
