-- Many results in one transaction, many outcomes in one: fewer things to keep in step for each row.

-- Keeps these users from being deleted until the caller's transaction ends, and tells which of them there are.
create function accounts.hold_users(ids uuid[]) returns setof uuid
    language sql security definer set search_path = pg_catalog as $$
    select id from accounts.users where id = any (ids) order by id for key share
$$;
revoke execute on function accounts.hold_users from public;
grant execute on function accounts.hold_users to ${compute};

-- A charge goes with its result, and that with its user.
alter table compute.ledger drop constraint ledger_user_id_fkey;

-- No more than the window is dispatched: the index by user finds a lease that has ended as well.
drop index jobs.jobs_leased;

-- Whose turn it is. A lane stands at a virtual time, which each job taken moves on by 1 / weight.
drop table jobs.lanes;
drop sequence jobs.turns;
create table jobs.lanes (
    user_id     uuid             not null references accounts.users (id) on delete cascade,
    environment text             not null check (environment in ('live', 'test')),
    pass        double precision not null default 0,
    weight      integer          not null default 1 check (weight between 1 and 1000),
    cap         integer          check (cap >= 0), -- jobs in flight; without one, behalf.jobs.per-user
    primary key (user_id, environment)
);
create table jobs.clocks (
    environment text             primary key check (environment in ('live', 'test')),
    pass        double precision not null default 0
);
insert into jobs.clocks values ('live'), ('test');

-- Of a user, or of a whole queue where there is none: nothing is dispatched; what runs comes to its end.
create table jobs.pauses (
    environment text        not null check (environment in ('live', 'test')),
    user_id     uuid        references accounts.users (id) on delete cascade,
    paused_at   timestamptz not null,
    paused_by   text        not null  -- user or operator: only who paused may resume
);
create unique index pauses_once on jobs.pauses
    (environment, coalesce(user_id, '00000000-0000-0000-0000-000000000000'), paused_by);

-- 0 high, 1 normal, 2 low: within a user's own jobs, and only there.
alter table jobs.jobs add column priority smallint not null default 1 check (priority between 0 and 2);
drop index jobs.jobs_queued;
create index jobs_queued on jobs.jobs (environment, user_id, priority, not_before, id) where state = 'queued';

-- Jobs that are not to be computed any more. compute-server asks before it charges.
create table compute.cancellations (
    user_id      uuid        not null references accounts.users (id) on delete cascade,
    job_id       uuid        not null,
    cancelled_at timestamptz not null,
    primary key (user_id, job_id)
);

grant select, insert, update, delete on jobs.lanes, jobs.clocks, jobs.pauses to ${web};
grant select, insert on compute.cancellations to ${web};
grant select on compute.cancellations to ${compute};
