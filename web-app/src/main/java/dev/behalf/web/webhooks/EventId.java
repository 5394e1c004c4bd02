package dev.behalf.web.webhooks;

/**
 * Ids of events: {@code msg_}, the milliseconds, and 76 bits at random; in hexadecimal digits, so
 * that they sort by time. The database makes them, where one statement writes many.
 */
final class EventId {

  static final String SQL =
      "'msg_' || lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')"
          + " || right(replace(gen_random_uuid()::text, '-', ''), 20)";

  private EventId() {}
}
