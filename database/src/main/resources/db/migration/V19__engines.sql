-- Engines that are called by HTTP.

-- An operation with such an engine has a pool of its own.
alter table jobs.jobs drop constraint jobs_pool_check;
alter table jobs.lanes drop constraint lanes_pool_check;
alter table jobs.clocks drop constraint clocks_pool_check;

-- Since when a job waits for its engine, which is no attempt.
alter table jobs.jobs add column waiting_since timestamptz;

create table compute.engines (
    server      text        primary key check (length(server) <= 300),
    failures    integer     not null default 0 check (failures >= 0),
    failed_user uuid,
    of_many     boolean     not null default false,
    open_until  timestamptz,
    away_since  timestamptz,
    opens       integer     not null default 0 check (opens >= 0),
    reason      text,
    answered_at timestamptz,
    failed_at   timestamptz,
    changed_at  timestamptz not null
);
comment on table compute.engines is 'The health of each engine server, as calls have shown it to all compute-servers together.';
comment on column compute.engines.server is 'Scheme, host and port.';
comment on column compute.engines.failures is 'Calls that failed one after the other.';
comment on column compute.engines.failed_user is 'Whose call failed first since the last answer.';
comment on column compute.engines.of_many is 'Whether calls of another user failed as well: what one user sends opens no circuit.';
comment on column compute.engines.away_since is 'When the circuit opened first since the last answer.';
comment on column compute.engines.open_until is 'Until when the circuit is open: no call is made. Null while it is closed.';
comment on column compute.engines.opens is 'How often the circuit has opened without an answer in between; each time it stays open for longer.';
comment on column compute.engines.reason is 'What the last failure was, in words for operators.';

grant select on compute.engines to ${web};
grant select, insert, update on compute.engines to ${compute};
