-- The truth about every job. The broker only carries; what it loses is found again here.
create schema jobs;

create sequence jobs.turns;

create table jobs.jobs (
    user_id         uuid        not null references accounts.users (id) on delete cascade,
    id              uuid        not null,
    environment     text        not null check (environment in ('live', 'test')),
    operation       text        not null,
    payload         text        not null,
    state           text        not null check (state in ('queued', 'dispatched', 'succeeded', 'failed', 'cancelled')),
    attempt         integer     not null default 0,
    not_before      timestamptz not null,
    lease_until     timestamptz,
    units           bigint,
    key_id          text,
    code            text,
    detail          text,
    hops            jsonb       not null default '[]',
    traceparent     text,
    idempotency_key text,
    fingerprint     bytea       not null,
    created_at      timestamptz not null,
    finished_at     timestamptz,
    primary key (user_id, id)
);

create unique index jobs_idempotency on jobs.jobs (user_id, idempotency_key) where idempotency_key is not null;
-- The dispatcher steps from user to user through this one, however many jobs each has.
create index jobs_queued on jobs.jobs (environment, user_id, not_before, id) where state = 'queued';
create index jobs_dispatched on jobs.jobs (environment, user_id) where state = 'dispatched';
create index jobs_failed on jobs.jobs (finished_at) where state = 'failed';
create index jobs_leased on jobs.jobs (lease_until) where state = 'dispatched';

-- Whose turn was last: the smaller the number, the longer the user has waited.
create table jobs.lanes (
    user_id     uuid   not null references accounts.users (id) on delete cascade,
    environment text   not null check (environment in ('live', 'test')),
    turn        bigint not null,
    primary key (user_id, environment)
);

grant usage on schema jobs to ${web};
grant usage on sequence jobs.turns to ${web};
grant select, insert, update, delete on all tables in schema jobs to ${web};
