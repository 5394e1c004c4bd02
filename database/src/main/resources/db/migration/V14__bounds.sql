-- Why something done to all jobs that match could not go on.
alter table jobs.sweeps add column fault text;

-- Jobs that share places to be computed have a queue order of their own: what is quick never waits behind what is costly.
alter table jobs.jobs add column pool text not null default 'quick' check (pool in ('quick', 'costly'));
update jobs.jobs set pool = 'costly' where state in ('queued', 'dispatched') and operation <> 'echo';
drop index jobs.jobs_queued;
create index jobs_queued on jobs.jobs (environment, pool, user_id, priority, not_before, id) where state = 'queued';
drop index jobs.jobs_dispatched;
create index jobs_dispatched on jobs.jobs (environment, pool, user_id) where state = 'dispatched';

alter table jobs.lanes
    add column pool text not null default 'quick' check (pool in ('quick', 'costly')),
    drop constraint lanes_pkey,
    add primary key (user_id, environment, pool);
alter table jobs.lanes alter column pool drop default;
insert into jobs.lanes (user_id, environment, pool, weight, cap)
    select user_id, environment, 'costly', weight, cap from jobs.lanes where weight <> 1 or cap is not null;

alter table jobs.clocks
    add column pool text not null default 'quick' check (pool in ('quick', 'costly')),
    drop constraint clocks_pkey,
    add primary key (environment, pool);
alter table jobs.clocks alter column pool drop default;
insert into jobs.clocks (environment, pool) values ('live', 'costly'), ('test', 'costly');

-- What each compute-server can compute at once, and how long it takes: web-app dispatches no more than that.
create table compute.replicas (
    id      uuid        primary key,
    places  integer     not null check (places > 0),
    rates   jsonb       not null default '{}', -- milliseconds for each KiB of payload, by operation
    seen_at timestamptz not null
);
grant select, insert, update, delete on compute.replicas to ${compute};
grant select on compute.replicas to ${web};
