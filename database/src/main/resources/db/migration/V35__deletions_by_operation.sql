-- The time before which charged jobs may have been deleted, by operation: one that keeps its jobs for a short time does
-- not shorten what the checks of the ledger expect of the others.
create table jobs.deletions_by_operation (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    environment text        not null check (environment in ('live', 'test')),
    operation   text        not null,
    before      timestamptz not null,
    primary key (user_id, environment, operation)
);
insert into jobs.deletions_by_operation
select distinct d.user_id, d.environment, h.operation, d.before
from jobs.deletions d join compute.ledger_hours h on h.user_id = d.user_id and h.environment = d.environment;

drop table jobs.deletions;
grant select on jobs.deletions_by_operation to ${web};

-- Who asked for a deleted job that was charged, unless the key of the charge did: its receipt stays the same. In a table
-- of its own, because the ledger is only inserted into.
create table jobs.deleted_job_actors (
    user_id     uuid not null references accounts.users (id) on delete cascade,
    job_id      uuid not null,
    environment text not null check (environment in ('live', 'test')),
    actor       text, -- null if it is not known
    primary key (user_id, job_id, environment)
);
grant select on jobs.deleted_job_actors to ${web};

create or replace function jobs.delete_ended(of_environment text, users uuid[], ids uuid[], horizons timestamptz[])
    returns integer language plpgsql security definer set search_path = pg_catalog as $$
declare
    deleted integer;
begin
    -- A charge can be later than the end of its job, and the clock of the server that charged may be ahead.
    insert into jobs.deletions_by_operation as d (user_id, environment, operation, before)
    select l.user_id, of_environment, l.operation, max(greatest(o.horizon, l.created_at)) + interval '1 minute'
    from unnest(users, ids, horizons) as o (user_id, id, horizon)
    join compute.ledger l on l.user_id = o.user_id and l.job_id = o.id and l.environment = of_environment
    group by 1, 3 order by 1, 3
    on conflict (user_id, environment, operation) do update set before = greatest(d.before, excluded.before);

    with old as (select * from unnest(users, ids, horizons) as o (user_id, id, horizon)),
    gone as (
        delete from jobs.jobs j using old
        where j.user_id = old.user_id and j.id = old.id and j.environment = of_environment
          and j.finished_at < old.horizon
        returning j.user_id, j.id, j.actor),
    actors as (
        insert into jobs.deleted_job_actors (user_id, job_id, environment, actor)
        select l.user_id, l.job_id, l.environment, gone.actor from gone join compute.ledger l
          on l.user_id = gone.user_id and l.job_id = gone.id and l.environment = of_environment
        where gone.actor is distinct from 'key ' || l.origin_key_id
        on conflict do nothing),
    results as (
        delete from compute.results r using gone
        where r.user_id = gone.user_id and r.job_id = gone.id and r.environment = of_environment),
    events as (
        delete from compute.events e using gone
        where e.user_id = gone.user_id and e.job_id = gone.id and e.environment = of_environment),
    runs as (
        delete from compute.runs r using gone
        where r.user_id = gone.user_id and r.job_id = gone.id and r.environment = of_environment and r.state <> 'open'),
    cancellations as (
        delete from compute.cancellations c using gone
        where c.user_id = gone.user_id and c.job_id = gone.id and c.environment = of_environment)
    select count(*) into deleted from gone;
    return deleted;
end $$;
