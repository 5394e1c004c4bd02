-- How long ended jobs are kept, and what was deleted since.

-- The days that users have chosen for themselves; without a row, those of the installation.
create table jobs.retention (
    user_id     uuid    not null references accounts.users (id) on delete cascade,
    environment text    not null check (environment in ('live', 'test')),
    days        integer not null check (days between 1 and 3650),
    primary key (user_id, environment)
);

-- Jobs that ended before this time may be gone. Their charges are not: the checks of the ledger look for the job
-- of a later charge only.
create table jobs.deletions (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    environment text        not null check (environment in ('live', 'test')),
    before      timestamptz not null,
    primary key (user_id, environment)
);

grant select, insert, update, delete on jobs.retention to ${web};
grant select on jobs.deletions to ${web};

-- Deletes jobs that ended before a time of their user's, with everything that was stored for them; the ledger stays.
-- With the rights of the owner, because web-app may not write what compute-server has written.
create function jobs.delete_ended(of_environment text, users uuid[], ids uuid[], horizons timestamptz[])
    returns integer language plpgsql security definer set search_path = pg_catalog as $$
declare
    deleted integer;
begin
    -- A charge can be later than the end of its job, and the clock of the server that charged may be ahead.
    insert into jobs.deletions as d (user_id, environment, before)
    select o.user_id, of_environment, max(greatest(o.horizon, l.created_at)) + interval '1 minute'
    from unnest(users, ids, horizons) as o (user_id, id, horizon)
    left join compute.ledger l on l.user_id = o.user_id and l.job_id = o.id and l.environment = of_environment
    group by 1 order by 1
    on conflict (user_id, environment) do update set before = greatest(d.before, excluded.before);

    with old as (select * from unnest(users, ids, horizons) as o (user_id, id, horizon)),
    gone as (
        delete from jobs.jobs j using old
        where j.user_id = old.user_id and j.id = old.id and j.environment = of_environment
          and j.finished_at < old.horizon
        returning j.user_id, j.id),
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
revoke execute on function jobs.delete_ended from public;
grant execute on function jobs.delete_ended to ${web};
