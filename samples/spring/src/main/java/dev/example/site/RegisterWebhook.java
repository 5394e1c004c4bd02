package dev.example.site;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.ConnectionException;
import dev.behalf.client.ProblemException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.Banner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * Registers the site's webhook, and prints the line with its secret for the environment. It is an
 * application of its own without pages and database, and can run beside the site.
 */
@EnableAutoConfiguration(
    exclude = DataSourceAutoConfiguration.class,
    excludeName = "dev.behalf.spring.client.TransactionalJobsAutoConfiguration")
class RegisterWebhook implements ApplicationRunner, ExitCodeGenerator {

  private static final String OPTION = "register-webhook";

  private final BehalfClient behalf;
  private final String environment;
  private int exitCode;

  RegisterWebhook(BehalfClient behalf, @Value("${site.environment}") String environment) {
    this.behalf = behalf;
    this.environment = environment;
  }

  static boolean isAsked(String... args) {
    return new SimpleCommandLinePropertySource(args).containsProperty(OPTION);
  }

  /** Returns the exit code. */
  static int run(String... args) {
    return SpringApplication.exit(
        new SpringApplicationBuilder(RegisterWebhook.class)
            .web(WebApplicationType.NONE)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .run(args));
  }

  @Override
  public void run(ApplicationArguments arguments) {
    var url = arguments.getOptionValues(OPTION).getFirst();
    var events = List.of("job.succeeded", "job.failed", "job.cancelled");
    try {
      var secret = behalf.webhooks().create(url, events, environment).secret();
      // Printed and not logged: Behalf shows the secret only now.
      System.out.println("BEHALF_WEBHOOK_SECRET=" + secret);
    } catch (ProblemException | ConnectionException failed) {
      System.err.println(failed.getMessage());
      exitCode = 1;
    }
  }

  @Override
  public int getExitCode() {
    return exitCode;
  }
}
