package dev.behalf.standalone;

import java.util.List;

/** Rows for each table, in the shape that it has from one version of the database to another. */
final class RowsOfVersions {

  private static final int NEWEST = Integer.MAX_VALUE;

  /** A user's or a job's id is made of its name. All days are of January 2026. */
  private static final String SQL_OF_IDS =
      """
      create function pg_temp.id(name text) returns uuid language sql immutable
          return md5(name)::uuid;
      create function pg_temp.day(day int) returns timestamptz language sql immutable
          return make_timestamptz(2026, 1, day, 10, 30, 0, 'UTC')
      """;

  private record Rows(int since, int until, String sql) {}

  /** Ada may do all; Ben signs in by another provider; Cleo has been narrowed by an operator. */
  private static final List<Rows> ALL =
      List.of(
          rows(
              1,
              """
              insert into accounts.users (id, email, password_hash, created_at, version)
              select pg_temp.id(name), name || '@example.com', 'hash', pg_temp.day(1), 3
              from unnest(array['ada', 'ben', 'cleo']) name;
              insert into accounts.api_keys (user_id, key_id, kind, environment, name, hash,
                  pepper_id, scopes, created_at, expires_at, disabled_at, revoked_at, version)
              select pg_temp.id('ada'), key, kind, env, 'nightly', repeat('h', 44), '1',
                  'jobs:read', pg_temp.day(1), pg_temp.day(20), null, revoked, 1
              from (values ('adamanaged00', 'managed', 'live', null),
                           ('adapersonal0', 'personal', 'live', null),
                           ('adarevoked00', 'personal', 'test', pg_temp.day(2)))
                  k (key, kind, env, revoked);
              insert into accounts.managed_key_secrets (user_id, key_id, ciphertext)
              values (pg_temp.id('ada'), 'adamanaged00', 'secret');
              insert into accounts.used_nonces values ('nonce', pg_temp.day(1));
              insert into accounts.spring_session
              values (repeat('s', 36), repeat('i', 36), 1, 2, 3, 4, 'ada');
              insert into accounts.spring_session_attributes values (repeat('s', 36), 'a', 'b');
              """),
          rows(
              2,
              """
              insert into jobs.jobs (user_id, id, environment, operation, payload, state, attempt,
                  not_before, lease_until, units, code, idempotency_key, fingerprint, created_at,
                  finished_at)
              select pg_temp.id('ada'), pg_temp.id(name), 'live', operation, '{}', state, attempt,
                  due, case state when 'dispatched' then pg_temp.day(5) end,
                  case state when 'succeeded' then 7 end, code, key, 'print', pg_temp.day(3),
                  case when state not in ('queued', 'dispatched') then pg_temp.day(4) end
              from (values
                  ('queued',     'queued',     'embed', 0, pg_temp.day(3), null, null),
                  ('later',      'queued',     'echo',  0, pg_temp.day(9), null, 'my own'),
                  ('again',      'queued',     'echo',  1, pg_temp.day(9), 'compute_down', null),
                  ('dispatched', 'dispatched', 'embed', 1, pg_temp.day(3), null, null),
                  ('succeeded',  'succeeded',  'embed', 1, pg_temp.day(3), null, null),
                  ('failed',     'failed',     'embed', 3, pg_temp.day(3), 'too_long', null),
                  ('cancelled',  'cancelled',  'embed', 0, pg_temp.day(3), 'cancelled', null))
                  j (name, state, operation, attempt, due, code, key);
              """),
          rows(
              2,
              5,
              """
              insert into jobs.lanes values (pg_temp.id('ada'), 'live', nextval('jobs.turns'));
              """),
          rows(
              3,
              """
              insert into compute.results (user_id, job_id, environment, operation, fingerprint,
                  result, units, created_at)
              values (pg_temp.id('ada'), pg_temp.id('succeeded'), 'live', 'embed', 'p', '{}', 7,
                      pg_temp.day(4)),
                     (pg_temp.id('ada'), pg_temp.id('direct'), 'live', 'echo', 'p', '{}', 5,
                      pg_temp.day(4));
              insert into compute.quota (user_id, environment, period, limit_units, used)
              values (pg_temp.id('ada'), 'live', '2026-01', 5000, 12);
              update compute.quota_defaults set limit_units = 42 where environment = 'test';
              """),
          rows(
              3,
              9,
              """
              insert into compute.ledger (user_id, job_id, environment, period, units, key_id,
                  created_at)
              values (pg_temp.id('ada'), pg_temp.id('succeeded'), 'live', '2026-01', 7,
                      'adamanaged00', pg_temp.day(4)),
                     (pg_temp.id('ada'), pg_temp.id('direct'), 'live', '2026-01', 5,
                      'adapersonal0', pg_temp.day(4));
              """),
          rows(
              4,
              """
              update accounts.users set scopes = 'jobs:read' where email = 'cleo@example.com';
              update accounts.users set password_hash = null where email = 'ben@example.com';
              insert into accounts.identities
              values (pg_temp.id('ben'), 'https://issuer.example', 'ben', pg_temp.day(1));
              update accounts.api_keys set networks = '10.0.0.0/8', daily_cap = 100,
                  rotated_at = pg_temp.day(2), replaced_by = 'x', silence = 60
              where key_id = 'adapersonal0';
              insert into accounts.key_days
              values (pg_temp.id('ada'), 'adapersonal0', '2026-01-04', 9);
              insert into accounts.key_refusals
              values (pg_temp.id('ada'), 'adapersonal0', '2026-01-04', 'network', 2);
              insert into accounts.key_last_used
              values (pg_temp.id('ada'), 'adapersonal0', pg_temp.day(4), '::1', 'curl');
              insert into accounts.audit_log (user_id, at, actor, action, object)
              values (pg_temp.id('ada'), pg_temp.day(2), 'session', 'key.created', 'adapersonal0'),
                     (null, pg_temp.day(3), 'session', 'account.closed', null);
              insert into compute.key_units
              values (pg_temp.id('ada'), 'adapersonal0', '2026-01-04', 7);
              update jobs.jobs set origin_key_id = 'adapersonal0'
              where id = pg_temp.id('succeeded');
              """),
          rows(
              5,
              """
              insert into accounts.applications
              values (pg_temp.id('app'), pg_temp.id('ben'), 'client', null, 'App',
                      'https://a.example', 'jobs:read', pg_temp.day(1));
              insert into accounts.consents
              values (pg_temp.id('ada'), pg_temp.id('app'), 'jobs:read', pg_temp.day(2));
              insert into accounts.oauth2_authorization (id, registered_client_id, principal_name,
                  authorization_grant_type, created_at)
              values ('grant', pg_temp.id('app'), pg_temp.id('ada'), 'code', pg_temp.day(2));
              insert into accounts.spent_refresh_tokens values ('hash', 'grant', pg_temp.day(3));
              insert into accounts.signing_keys
              values ('sign', 'c', '1', pg_temp.day(1), pg_temp.day(1));
              """),
          rows(
              6,
              13,
              """
              insert into jobs.lanes (user_id, environment, pass, weight, cap)
              values (pg_temp.id('ada'), 'live', 2.5, 10, 3),
                     (pg_temp.id('ben'), 'live', 1.5, 1, null);
              """),
          rows(
              6,
              """
              update jobs.clocks set pass = 4.5 where environment = 'live';
              insert into jobs.pauses values ('test', pg_temp.id('ada'), pg_temp.day(2), 'user'),
                                             ('test', null, pg_temp.day(2), 'operator');
              update jobs.jobs set priority = 0 where id = pg_temp.id('queued');
              """),
          rows(
              6,
              14,
              """
              insert into compute.cancellations
              values (pg_temp.id('ada'), pg_temp.id('cancelled'), pg_temp.day(4)),
                     (pg_temp.id('ada'), pg_temp.id('no such job'), pg_temp.day(4));
              """),
          rows(7, "update accounts.users set theme = 'dark' where email = 'ada@example.com';"),
          rows(
              8,
              """
              insert into webhooks.endpoints (user_id, id, environment, url, events, description,
                  secret, master_key_id, created_at, disabled_at, disabled_reason)
              values (pg_temp.id('ada'), pg_temp.id('hook'), 'live', 'https://h.example',
                      '{job.failed}', '', 'secret', '1', pg_temp.day(2), pg_temp.day(3), 'gone');
              insert into webhooks.deliveries (user_id, id, endpoint_id, job_id, type, body, state,
                  attempt, tried, next_at, created_at)
              values (pg_temp.id('ada'), 'd1', pg_temp.id('hook'), pg_temp.id('failed'),
                      'job.failed', '{}', 'pending', 1, 1, pg_temp.day(5), pg_temp.day(4));
              insert into webhooks.attempts
              values (pg_temp.id('ada'), 'd1', 1, pg_temp.day(4), 12, 500, 'no', null);
              """),
          rows(
              10,
              """
              insert into compute.ledger (user_id, job_id, environment, period, units, key_id,
                  created_at, operation, origin_key_id)
              values (pg_temp.id('ada'), pg_temp.id('succeeded'), 'live', '2026-01', 7,
                      'adamanaged00', pg_temp.day(4), 'embed', 'adapersonal0'),
                     (pg_temp.id('ada'), pg_temp.id('direct'), 'live', '2026-01', 5,
                      'adapersonal0', pg_temp.day(4), 'echo', null);
              insert into accounts.receipt_keys values ('r1', 'public', 'c', '1', pg_temp.day(1));
              """),
          rows(
              11,
              """
              insert into jobs.views
              values (pg_temp.id('ada'), 'bad', 'state:failed', pg_temp.day(2));
              insert into jobs.sweeps (user_id, id, environment, action, query, matched, before,
                  created_at)
              values (pg_temp.id('ada'), pg_temp.id('sweep'), 'live', 'retry', 'state:failed', 2,
                      pg_temp.id('failed'), pg_temp.day(4));
              insert into jobs.batches (user_id, id, environment, name, format, created_at)
              values (pg_temp.id('ada'), pg_temp.id('batch'), 'live', 'b', 'csv', pg_temp.day(2));
              insert into jobs.batch_faults
              values (pg_temp.id('ada'), pg_temp.id('batch'), 3, 'no');
              update jobs.jobs set retry_of = pg_temp.id('failed') where id = pg_temp.id('queued');
              """),
          rows(
              11,
              15,
              """
              update jobs.jobs set idempotency_key = 'retry-' || retry_of
              where retry_of is not null;
              """),
          rows(
              12,
              """
              update accounts.users set disabled_at = pg_temp.day(5), disabled_scopes = scopes,
                  scopes = '' where email = 'cleo@example.com';
              insert into ops.audit_log (at, operator, action)
              values (pg_temp.day(5), 'op@example.com', 'account.disabled');
              insert into ops.settled_failures
              values (pg_temp.id('ada'), pg_temp.id('failed'), 'discarded', pg_temp.day(5));
              insert into ops.dead_letters (user_id, reason, at, size, body)
              values (pg_temp.id('ada'), 'no_job', pg_temp.day(5), 1, 'x');
              insert into ops.workers
              values (pg_temp.id('w'), 'w', '1', pg_temp.day(1), pg_temp.day(1), pg_temp.day(1),
                      1, 2);
              update ops.ledger_runs set ran_at = pg_temp.day(4);
              insert into ops.ledger_checks values ('a', pg_temp.day(4), 0, '{}', 5);
              """),
          rows(
              14,
              """
              insert into jobs.lanes (user_id, environment, pool, pass, weight, cap)
              values (pg_temp.id('ada'), 'live', 'quick', 2.5, 10, 3),
                     (pg_temp.id('ada'), 'live', 'costly', 9.5, 10, 3),
                     (pg_temp.id('ben'), 'live', 'quick', 1.5, 1, null);
              update jobs.jobs set pool = 'costly' where operation = 'embed';
              insert into compute.replicas
              values (pg_temp.id('c'), 4, '{"embed": 2}', pg_temp.day(5));
              """),
          rows(
              15,
              """
              insert into compute.cancellations (user_id, job_id, environment, cancelled_at)
              values (pg_temp.id('ada'), pg_temp.id('cancelled'), 'live', pg_temp.day(4));
              update accounts.users set email_verified_at = created_at
              where email = 'ben@example.com';
              """),
          rows(
              16,
              """
              update jobs.jobs set asked_not_before = not_before
              where id = pg_temp.id('later');
              update jobs.jobs set idempotency_key = 'retry ' || retry_of
              where retry_of is not null;
              """),
          rows(
              17,
              """
              select jobs.apply_operation('embed', '{}', '{}', 'a', 'behalf');
              update accounts.users set permissions = 'gpu' where email = 'ben@example.com';
              """),
          rows(
              18,
              """
              update compute.quota set held = 9
              where user_id = pg_temp.id('ada') and environment = 'live' and period = '2026-01';
              insert into compute.holds
              values (pg_temp.id('ada'), pg_temp.id('held'), 'live', 2, 'embed', 1, 'a', 9,
                      '2026-01', '2026-01-31', 'adapersonal0', pg_temp.day(4), pg_temp.day(5));
              """),
          rows(
              19,
              """
              insert into compute.engines (server, failures, open_until, opens, reason, changed_at)
              values ('https://gpu.example', 3, pg_temp.day(5), 2, 'It answered 404.',
                      pg_temp.day(4));
              insert into jobs.lanes (user_id, environment, pool, pass, weight)
              values (pg_temp.id('ada'), 'live', 'op:transcribe', 1.5, 1);
              """),
          rows(
              20,
              """
              insert into compute.runs
              values (pg_temp.id('ada'), pg_temp.id('run'), 'live', 2, 'failed',
                      pg_temp.id('replica'), 'transcribe', 1, 'a', 1, 0, pg_temp.day(4),
                      pg_temp.day(5), 'engine_lost', 'Cut.', false, 7);
              insert into compute.events
              values (pg_temp.id('ada'), pg_temp.id('run'), 'live', 2000000, 'restart',
                      '{"attempt":1}', pg_temp.day(4));
              """),
          rows(
              21,
              """
              insert into accounts.platforms (id, name, scopes, origins, created_at)
              values (pg_temp.id('shop'), 'shop', 'users:read act:jobs', 'https://shop.example',
                      pg_temp.day(1));
              insert into accounts.platform_clients (id, platform_id, client_id, secret_hash)
              values (pg_temp.id('client'), pg_temp.id('shop'), 'client000000', '{sha256}00');
              insert into accounts.users (id, created_at, version)
              values (pg_temp.id('customer'), pg_temp.day(1), 0);
              insert into accounts.platform_users (user_id, platform_id, external_id)
              values (pg_temp.id('customer'), pg_temp.id('shop'), 'customer-17');
              """),
          rows(
              22,
              """
              update jobs.jobs set tags = array['nightly'], metadata = '{"order":"4711"}'
              where id = pg_temp.id('queued');
              """),
          rows(
              23,
              """
              update jobs.batches set idempotency_key = 'nightly', read_to = 3, digest = '\\x00'
              where id = pg_temp.id('batch');
              """),
          rows(
              24,
              """
              insert into accounts.mails (id, user_id, address, kind, details, next_at, created_at)
              values (pg_temp.id('mail'), pg_temp.id('ada'), 'ada@example.com', 'password_changed', '[]',
                      pg_temp.day(1), pg_temp.day(1));
              insert into accounts.mail_links (hash, kind, user_id, address, expires_at)
              values ('\\x00', 'reset_password', pg_temp.id('ada'), 'ada@example.com', pg_temp.day(2));
              insert into accounts.invitations (address, expires_at)
              values ('bo@example.com', pg_temp.day(2));
              """),
          rows(
              25,
              """
              insert into accounts.second_factors (user_id, ciphertext, master_key_id, created_at)
              values (pg_temp.id('ada'), '\\x00', '1', pg_temp.day(1));
              insert into accounts.recovery_codes values (pg_temp.id('ada'), '\\x00');
              """),
          rows(
              26,
              """
              insert into accounts.passkeys (id, user_id, credential_id, public_key, attestation_object, signature_count,
                                             transports, user_verified, backup_eligible, backup_state, label, created_at)
              values (pg_temp.id('passkey'), pg_temp.id('ada'), '\\x00', '\\x00', '\\x00', 0, 'internal', true, false,
                      false, 'Chrome on Linux', pg_temp.day(1));
              """),
          rows(
              27,
              """
              insert into webhooks.endpoints (user_id, platform_id, id, environment, url, events, description, secret,
                                              master_key_id, created_at)
              values (pg_temp.id('shop'), pg_temp.id('shop'), pg_temp.id('shop-hook'), 'live',
                      'https://shop.example/hook', array['job.succeeded'], '', '\\x00', '1', pg_temp.day(1));
              insert into webhooks.deliveries (user_id, id, endpoint_id, about_user_id, job_id, type, body, state,
                                               next_at, created_at)
              values (pg_temp.id('shop'), 'msg_shop', pg_temp.id('shop-hook'), pg_temp.id('customer'),
                      pg_temp.id('queued'), 'job.succeeded', '{}', 'pending', pg_temp.day(1), pg_temp.day(1));
              """),
          rows(
              28,
              """
              insert into accounts.key_requests (user_id, key_id, at, method, route, status, code, duration_ms, address)
              values (pg_temp.id('ada'), 'adapersonal0', pg_temp.day(5), 'GET', '/api/v1/jobs/{id}', 404, 'not_found',
                      3, '::1');
              """),
          rows(
              29,
              """
              insert into ops.minutes values (pg_temp.day(1), 'live', 3, 2, 1, 4, 5, 0.5, 1.5);
              """),
          rows(
              30,
              """
              insert into jobs.uploads (user_id, id, environment, name, format, settings, preview, created_at)
              values (pg_temp.id('ada'), pg_temp.id('upload'), 'live', 'f.csv', 'csv', '{}', '{}', pg_temp.day(2));
              insert into jobs.upload_parts (user_id, upload_id, part, content)
              values (pg_temp.id('ada'), pg_temp.id('upload'), 0, '\\x00');
              insert into jobs.batch_rows (user_id, batch_id, line, rows)
              values (pg_temp.id('ada'), pg_temp.id('batch'), 3, '[]');
              """),
          rows(
              31,
              """
              insert into jobs.shares (user_id, job_id, id, hash, created_at, expires_at)
              values (pg_temp.id('ada'), pg_temp.id('succeeded'), pg_temp.id('share'), sha256('share'), pg_temp.day(2), pg_temp.day(9));
              """),
          rows(
              32,
              """
              insert into jobs.retention values (pg_temp.id('ada'), 'test', 3);
              """),
          rows(
              32,
              34,
              """
              insert into jobs.deletions values (pg_temp.id('ada'), 'live', pg_temp.day(1));
              """),
          rows(
              33,
              """
              insert into jobs.batch_faults (user_id, batch_id, line, fault, words)
              values (pg_temp.id('ada'), pg_temp.id('batch'), 4, 'no', '{}');
              """),
          rows(
              34,
              """
              update jobs.jobs set retention_hours = 24;
              update jobs.batches set retention_hours = 24;
              """),
          rows(
              35,
              """
              insert into jobs.deletions_by_operation values (pg_temp.id('ada'), 'live', 'echo', pg_temp.day(1));
              insert into jobs.deleted_job_actors values (pg_temp.id('ada'), pg_temp.id('deleted'), 'live', 'session');
              """));

  private RowsOfVersions() {}

  /** Returns the statements that fill the tables of a version, which run in one session. */
  static String sql(int version) {
    var sql = new StringBuilder(SQL_OF_IDS).append(";\n");
    ALL.stream()
        .filter(rows -> rows.since() <= version && version <= rows.until())
        .forEach(rows -> sql.append(rows.sql()));
    return sql.toString();
  }

  private static Rows rows(int since, String sql) {
    return rows(since, NEWEST, sql);
  }

  private static Rows rows(int since, int until, String sql) {
    return new Rows(since, until, sql);
  }
}
