package dev.behalf.standalone;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

@Command(
    name = "demo",
    description =
        "Runs some hundred jobs of three users on the sample texts, and checks the charges.")
final class Demo implements Callable<Integer> {

  private static final List<String> NAMES = List.of("ada", "grace", "linus");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @ParentCommand Behalf behalf = new Behalf();

  @Option(names = "--url", description = "Address of the page (default: what `up` started).")
  String url = "";

  private final PrintStream out = System.out;

  private record Asked(Environment environment, UUID id, String label) {}

  /** A user, with the jobs that the user has submitted. */
  private record Customer(WebSession session, List<Asked> asked) {}

  @Override
  public Integer call() throws Exception {
    var site = URI.create(url.isEmpty() ? RunFile.require(behalf.data).web() : url);
    var customers = signUp(site);
    var start = Instant.now();
    submit(customers);
    var jobs = await(customers);
    out.printf(
        "%d jobs in %.1f s%n%n",
        jobs.size(), Duration.between(start, Instant.now()).toMillis() / 1000.0);
    var sound = printTable(customers, jobs);
    printMatches(customers, jobs);
    return sound ? 0 : 1;
  }

  private List<Customer> signUp(URI site) throws Exception {
    var run = UUID.randomUUID().toString().substring(0, 8);
    var customers = new ArrayList<Customer>();
    for (var name : NAMES) {
      var email = name + "-" + run + "@example.com";
      customers.add(
          new Customer(
              WebSession.signUp(site, email, UUID.randomUUID().toString()), new ArrayList<>()));
      out.println("signed up " + email);
    }
    return customers;
  }

  /** Submits a job for each message and several for each article, for the users in turn. */
  private void submit(List<Customer> customers) throws Exception {
    var plan = Samples.plan();
    var examples = Samples.examples();
    var labels = examples.keySet().stream().sorted().toList();
    int turn = 0;
    for (var message : Samples.messages()) {
      var input = StrictJson.MAPPER.createObjectNode().put("text", message.text());
      input.set("labels", StrictJson.MAPPER.valueToTree(labels));
      input.set("examples", StrictJson.MAPPER.valueToTree(examples));
      ask(
          customers.get(turn++ % customers.size()),
          Environment.LIVE,
          JobPayload.of(plan.message(), input),
          message.label());
    }
    var articles = Samples.articles();
    for (int i = 0; i < articles.size(); i++) {
      for (var job : plan.articles()) {
        var input = StrictJson.MAPPER.createObjectNode().put("text", articles.get(i));
        if (job.nextAs() != null) {
          input.put(job.nextAs(), articles.get((i + 1) % articles.size()));
        }
        ask(
            customers.get(i % customers.size()),
            job.environment(),
            JobPayload.of(job.operation(), input),
            "");
      }
    }
  }

  private static void ask(
      Customer customer, Environment environment, JobPayload payload, String label)
      throws Exception {
    customer
        .asked()
        .add(new Asked(environment, customer.session().submit(environment, payload), label));
  }

  /**
   * Waits for all jobs and returns those that have ended, by id. Jobs that are still open after 5
   * minutes are missing.
   */
  private Map<UUID, JsonNode> await(List<Customer> customers) throws Exception {
    var deadline = Instant.now().plus(PATIENCE);
    var ended = new HashMap<UUID, JsonNode>();
    long total = customers.stream().mapToLong(customer -> customer.asked().size()).sum();
    while (ended.size() < total && Instant.now().isBefore(deadline)) {
      for (var customer : customers) {
        for (var asked : customer.asked()) {
          if (!ended.containsKey(asked.id())) {
            var job = customer.session().job(asked.id());
            if (!job.path("finished_at").isString()) {
              break;
            }
            ended.put(asked.id(), job);
          }
        }
      }
      showProgress(ended.size(), total);
      TimeUnit.MILLISECONDS.sleep(50);
    }
    out.println();
    return ended;
  }

  private void showProgress(long ended, long total) {
    // The launcher script says whether the output is a terminal; a file gets the last line only.
    if (Boolean.getBoolean("behalf.terminal") || ended == total) {
      var done = Math.toIntExact(40 * ended / total);
      out.print("\r[" + "#".repeat(done) + ".".repeat(40 - done) + "] " + ended + " of " + total);
    }
  }

  private boolean printTable(List<Customer> customers, Map<UUID, JsonNode> jobs) throws Exception {
    var sound = true;
    out.printf(
        "%-28s %-5s %6s %8s %8s %12s %12s%n",
        "user", "", "jobs", "results", "units", "quota used", "quota left");
    for (var customer : customers) {
      for (var environment : Environment.values()) {
        var asked = customer.asked().stream().filter(a -> a.environment() == environment).toList();
        var succeeded =
            asked.stream()
                .filter(a -> jobs.containsKey(a.id()))
                .map(a -> jobs.get(a.id()))
                .filter(
                    job ->
                        job.path("state").asString().equals("succeeded")
                            && job.path("result").isObject())
                .toList();
        var units = succeeded.stream().mapToLong(job -> job.required("units").asLong()).sum();
        var usage = customer.session().usage(environment);
        var used = usage.required("used").asLong();
        var adds = succeeded.size() == asked.size() && units == used;
        sound &= adds;
        out.printf(
            "%-28s %-5s %6d %8d %8d %12d %12d %s%n",
            customer.session().email(),
            environment.wire(),
            asked.size(),
            succeeded.size(),
            units,
            used,
            usage.required("left").asLong(),
            adds ? "" : "DOES NOT ADD UP");
      }
    }
    out.println(
        sound
            ? "Every job has one result, and the charges equal the quota used."
            : "Results are missing, or charges differ from the quota used.");
    return sound;
  }

  private void printMatches(List<Customer> customers, Map<UUID, JsonNode> jobs) {
    int messages = 0;
    int matches = 0;
    for (var customer : customers) {
      for (var asked : customer.asked()) {
        var job = jobs.get(asked.id());
        if (!asked.label().isEmpty() && job != null) {
          messages++;
          matches += job.path("result").path("label").asString("").equals(asked.label()) ? 1 : 0;
        }
      }
    }
    out.printf("Of %d messages, %d got the label that a person gave them.%n", messages, matches);
  }
}
