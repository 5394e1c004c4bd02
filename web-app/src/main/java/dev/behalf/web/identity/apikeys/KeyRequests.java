package dev.behalf.web.identity.apikeys;

import dev.behalf.server.sql.Timestamps;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The request log of keys: 7 days, and of each key about the newest {@link #MAX_OF_KEY}. */
@Component
class KeyRequests {

  /**
   * Requests to keep of a key. {@link RequestWriter} removes older ones after every thousand, in
   * each replica, so that a key has a few thousand more at times.
   */
  static final int MAX_OF_KEY = 10_000;

  private static final int SOME = 1_000;

  private final JdbcClient database;

  KeyRequests(JdbcClient database) {
    this.database = database;
  }

  /**
   * Returns the requests of a key, newest first.
   *
   * @param only the statuses to return; null for all
   * @param before id of the last request on the previous page; null for the first page
   */
  List<LoggedRequest> list(
      UUID userId, String keyId, @Nullable StatusClass only, @Nullable Long before, int limit) {
    return database
        .sql(
            """
            select id, at, method, route, status, code, duration_ms, address from accounts.key_requests
            where user_id = :user and key_id = :key and (:before::bigint is null or id < :before)
              and (:from::int is null or status between :from and :from + 99)
            order by id desc limit :limit
            """)
        .param("user", userId)
        .param("key", keyId)
        .param("before", before)
        .param("from", only == null ? null : only.from())
        .param("limit", limit)
        .query(
            (row, index) ->
                new LoggedRequest(
                    row.getLong("id"),
                    Timestamps.instant(row, "at"),
                    row.getString("method"),
                    row.getString("route"),
                    row.getInt("status"),
                    row.getString("code"),
                    row.getLong("duration_ms"),
                    row.getString("address")))
        .list();
  }

  /**
   * Writes requests, except those of users whose rows are locked: otherwise the requests of all
   * users would wait.
   *
   * @return the requests that are not written
   */
  List<FinishedRequest> write(List<FinishedRequest> requests) {
    var written =
        database
            .sql(
                """
            with kept as materialized (
              select id from accounts.users where id = any(:users::uuid[]) for key share skip locked
            )
            insert into accounts.key_requests
              (user_id, key_id, at, method, route, status, code, duration_ms, address)
            select r.*
            from unnest(:users::uuid[], :keys::text[], :times::timestamptz[], :methods::text[], :routes::text[],
                        :statuses::smallint[], :codes::text[], :durations::int[], :addresses::text[]) as r (user_id)
            where r.user_id in (select id from kept)
            returning user_id
            """)
            .param("users", column(requests, FinishedRequest::userId))
            .param("keys", column(requests, FinishedRequest::keyId))
            .param("times", column(requests, FinishedRequest::at))
            .param("methods", column(requests, FinishedRequest::method))
            .param("routes", column(requests, FinishedRequest::route))
            .param("statuses", column(requests, FinishedRequest::status))
            .param("codes", column(requests, FinishedRequest::code))
            .param("durations", column(requests, FinishedRequest::durationMs))
            .param("addresses", column(requests, FinishedRequest::address))
            .query(UUID.class)
            .set();
    return requests.stream().filter(request -> !written.contains(request.userId())).toList();
  }

  /** Removes the requests of a key that are beyond the newest {@code most}. */
  void removeBeyond(UUID userId, String keyId, int most) {
    database
        .sql(
            """
            delete from accounts.key_requests where user_id = :user and key_id = :key and id <= (
              select id from accounts.key_requests where user_id = :user and key_id = :key
              order by id desc offset :most limit 1)
            """)
        .param("user", userId)
        .param("key", keyId)
        .param("most", most)
        .update();
  }

  /** Removes requests after 7 days, 1,000 rows at a time. */
  @Scheduled(initialDelayString = "10m", fixedRateString = "10m")
  void removeOld() {
    var some =
        database.sql(
            """
            delete from accounts.key_requests r
            using (
              select user_id, key_id, id from accounts.key_requests where at < now() - interval '7 days'
              order by at limit %d
            ) old
            where r.user_id = old.user_id and r.key_id = old.key_id and r.id = old.id
            """
                .formatted(SOME));
    while (some.update() == SOME) {
      // There may be more.
    }
  }

  private static String[] column(
      List<FinishedRequest> requests, Function<FinishedRequest, @Nullable Object> value) {
    return requests.stream()
        .map(request -> Objects.toString(value.apply(request), null))
        .toArray(String[]::new);
  }
}
