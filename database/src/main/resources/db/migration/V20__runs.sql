-- Long operations: work that goes on after the call that asked for it has been answered.

-- Every row that is there already satisfies the wider check.
alter table jobs.jobs
    drop constraint jobs_state_check,
    add constraint jobs_state_check
        check (state in ('queued', 'dispatched', 'running', 'succeeded', 'failed', 'cancelled')) not valid,
    add column run_epoch integer not null default 0,
    add column cancel_asked_at timestamptz;
comment on column jobs.jobs.run_epoch is 'The epoch of the latest run whose end is settled in this row.';
comment on column jobs.jobs.cancel_asked_at is 'When the owner asked to cancel the job while a run of it was open.';
create index jobs_running on jobs.jobs (environment, pool, user_id) where state = 'running';

create table compute.runs (
    user_id           uuid        not null references accounts.users (id) on delete cascade,
    job_id            uuid        not null,
    environment       text        not null check (environment in ('live', 'test')),
    epoch             integer     not null check (epoch > 0),
    state             text        not null
                      check (state in ('open', 'succeeded', 'failed', 'cancelled', 'lost', 'handed_back')),
    replica           uuid        not null,
    operation         text        not null,
    operation_version integer     not null,
    fingerprint       bytea       not null,
    attempt           integer     not null,
    lost              integer     not null default 0 check (lost >= 0),
    started_at        timestamptz not null,
    ended_at          timestamptz,
    code              text,
    detail            text,
    is_final          boolean     not null default false,
    retry_after       integer,
    primary key (user_id, job_id, environment),
    check ((state = 'open') = (ended_at is null)),
    check ((state = 'failed') = (code is not null))
);
comment on table compute.runs is 'The latest run of each job of a long operation. It alone decides how the job ends.';
comment on column compute.runs.epoch is 'Counts the times that a replica has taken the job; only the latest can end it.';
comment on column compute.runs.lost is 'How many replicas in a row have died with the job.';
comment on column compute.runs.is_final is 'Whether the job of a failed run fails: another attempt would end as this one.';
create index runs_open on compute.runs (replica) where state = 'open';

alter table compute.replicas add column lease_until timestamptz not null default now();
comment on column compute.replicas.lease_until is 'Until when the replica may have runs open; renewed every few seconds.';

grant select on compute.runs to ${web};
grant select, insert, update on compute.runs to ${compute};
-- A long operation is run only for a job that is due, and not for a disabled account.
grant select (user_id, id, environment, state, not_before) on jobs.jobs to ${compute};
grant select (id, disabled_at) on accounts.users to ${compute};

-- What engines say while they work. The number grows with each event of a job; it is not dense.
create table compute.events (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    job_id      uuid        not null,
    environment text        not null check (environment in ('live', 'test')),
    seq         bigint      not null check (seq > 0),
    name        text        not null check (name in ('restart', 'progress', 'output', 'log', 'usage', 'truncated')),
    data        text        not null,
    created_at  timestamptz not null,
    primary key (user_id, job_id, environment, seq)
);
comment on column compute.events.seq is 'The epoch of the run times 1,000,000, and a number within the run.';
-- A result has what its output said before: output and progress are kept for a day.
create index events_passing on compute.events (created_at) where name in ('output', 'progress');
grant select on compute.events to ${web};
grant select, insert, delete on compute.events to ${compute};
