package dev.behalf.web.webhooks;

/**
 * Ids of events: {@code msg_}, the time in milliseconds and 74 random bits, both in hexadecimal
 * digits, so that ids sort by time. The database creates them, since one statement writes many.
 */
final class EventId {

  static final String SQL =
      "'msg_' || lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')"
          + " || right(replace(gen_random_uuid()::text, '-', ''), 20)";

  private EventId() {}
}
