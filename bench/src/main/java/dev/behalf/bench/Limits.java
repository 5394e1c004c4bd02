package dev.behalf.bench;

import com.rabbitmq.client.MessageProperties;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Measures what the database and the broker of this machine can do with their drivers alone. */
final class Limits {

  private static final int SECONDS = 3;
  private static final int MESSAGES = 20_000;
  private static final int IN_FLIGHT = 500;

  private static final String COMMITS = "limits.transactions_per_second.one_job_a_commit_";
  private static final String ALONE = COMMITS + "1_connections";
  private static final String TOGETHER =
      "limits.jobs_per_second.hundred_jobs_a_commit_4_connections";
  private static final String BROKER = "limits.broker_messages_per_second";

  /** The limits that a rate is compared with, by the names of the shares. */
  private static final Map<String, String> SHARED =
      new TreeMap<>(
          Map.of(
              "one_job_a_commit",
              COMMITS + "16_connections",
              "hundred_jobs_a_commit",
              TOGETHER,
              "broker_messages",
              BROKER));

  private final TestBed stand;

  Limits(TestBed stand) {
    this.stand = stand;
  }

  void measure(Figures figures) throws Exception {
    stand.execute(
        """
        create schema if not exists bench;
        drop table if exists bench.results, bench.charges, bench.quota;
        create table bench.results (user_id uuid, job_id uuid, result text, primary key (user_id, job_id));
        create table bench.charges (user_id uuid, job_id uuid, units bigint, primary key (user_id, job_id));
        create table bench.quota (user_id uuid primary key, used bigint);
        """);
    for (var connections : new int[] {1, 4, 16, 32}) {
      figures.put(COMMITS + connections + "_connections", transactions(connections, 1));
    }
    figures.put(TOGETHER, transactions(4, 100));
    figures.put(BROKER, messages());
  }

  /** Adds a rate as a share of each limit that was measured in the same run. */
  static void putShares(Figures figures, String part, String rate) {
    SHARED.forEach(
        (name, limit) -> {
          if (figures.has(limit)) {
            figures.put(
                part + ".share_of." + name, figures.get(part + "." + rate) / figures.get(limit));
          }
        });
  }

  /** Adds a time as a number of consecutive commits on a single connection. */
  static void putCommits(Figures figures, String part, String millis) {
    if (figures.has(ALONE)) {
      figures.put(
          part + ".in_commits_alone", figures.get(part + "." + millis) * figures.get(ALONE) / 1000);
    }
  }

  /**
   * Returns jobs per second with the minimum of writes for a job: a result, a charge, and the
   * quota's use.
   */
  private double transactions(int connections, int jobsInEach) throws Exception {
    var start = System.nanoTime();
    var end = start + TimeUnit.SECONDS.toNanos(SECONDS);
    try (var threads = Executors.newFixedThreadPool(connections)) {
      var counts =
          java.util.stream.IntStream.range(0, connections)
              .mapToObj(i -> threads.submit(() -> write(jobsInEach, end)))
              .toList();
      long total = 0;
      for (var count : counts) {
        total += count.get();
      }
      return total / ((System.nanoTime() - start) / 1e9);
    }
  }

  private long write(int jobsInEach, long end) throws SQLException {
    long jobs = 0;
    var user = UUID.randomUUID();
    try (var connection = stand.system.database()) {
      connection.setAutoCommit(false);
      try (var quota = connection.prepareStatement("insert into bench.quota values (?, 0)")) {
        quota.setObject(1, user);
        quota.execute();
      }
      try (var result =
              connection.prepareStatement(
                  "insert into bench.results select ?, unnest(?::uuid[]), '{\"text\":\"bench\"}'");
          var charge =
              connection.prepareStatement(
                  "insert into bench.charges select ?, unnest(?::uuid[]), 1");
          var quota =
              connection.prepareStatement(
                  "update bench.quota set used = used + ? where user_id = ?")) {
        while (System.nanoTime() < end) {
          var ids = java.util.stream.Stream.generate(UUID::randomUUID).limit(jobsInEach).toArray();
          for (var statement : new PreparedStatement[] {result, charge}) {
            statement.setObject(1, user);
            statement.setArray(2, connection.createArrayOf("uuid", ids));
            statement.executeUpdate();
          }
          quota.setInt(1, jobsInEach);
          quota.setObject(2, user);
          quota.executeUpdate();
          connection.commit();
          jobs += jobsInEach;
        }
      }
    }
    return jobs;
  }

  /**
   * Returns messages per second on a quorum queue, published with confirms, 500 at a time, and
   * consumed with acknowledgements.
   */
  private double messages() throws Exception {
    try (var connection = stand.system.broker().connect();
        var publisher = connection.createChannel();
        var consumer = connection.createChannel()) {
      publisher.queueDeclare("bench", true, false, false, Map.of("x-queue-type", "quorum"));
      publisher.confirmSelect();
      consumer.basicQos(IN_FLIGHT);
      var left = new CountDownLatch(MESSAGES);
      var start = System.nanoTime();
      consumer.basicConsume(
          "bench",
          false,
          (tag, message) -> {
            var delivery = message.getEnvelope().getDeliveryTag();
            if (delivery % 50 == 0 || left.getCount() <= 50) {
              consumer.basicAck(delivery, true);
            }
            left.countDown();
          },
          tag -> {});
      var body = new byte[300];
      for (int i = 0; i < MESSAGES; i++) {
        publisher.basicPublish("", "bench", MessageProperties.PERSISTENT_BASIC, body);
        if (i % IN_FLIGHT == IN_FLIGHT - 1) {
          publisher.waitForConfirmsOrDie(10_000);
        }
      }
      if (!left.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The broker did not deliver all messages.");
      }
      var seconds = (System.nanoTime() - start) / 1e9;
      publisher.queueDelete("bench");
      return MESSAGES / seconds;
    }
  }
}
