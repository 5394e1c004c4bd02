-- What users want to be told when a job ends, and how telling them went.
create schema webhooks;

create table webhooks.endpoints (
    user_id         uuid        not null references accounts.users (id) on delete cascade,
    id              uuid        not null,
    environment     text        not null check (environment in ('live', 'test')),
    url             text        not null,
    events          text[]      not null check (cardinality(events) > 0),
    description     text        not null,
    secret          bytea       not null, -- encrypted, and bound to this endpoint
    previous_secret bytea,
    previous_until  timestamptz,          -- signs too until then
    master_key_id   text        not null, -- opens both
    created_at      timestamptz not null,
    failing_since   timestamptz,          -- the first failure after the last success
    disabled_at     timestamptz,
    disabled_reason text check (disabled_reason in ('owner', 'gone', 'failing')),
    primary key (user_id, id),
    check ((disabled_at is null) = (disabled_reason is null)),
    check ((previous_secret is null) = (previous_until is null))
);
create index endpoints_on on webhooks.endpoints (user_id, environment) where disabled_at is null;
create index endpoints_master on webhooks.endpoints (master_key_id);

-- One event for one endpoint. Its id is the event's and stays, however often it is sent.
create table webhooks.deliveries (
    user_id     uuid             not null,
    id          text collate "C" not null, -- sorts by time
    endpoint_id uuid             not null,
    job_id      uuid,                      -- none for a test event
    type        text             not null,
    body        text             not null,
    state       text             not null check (state in ('pending', 'sending', 'delivered', 'failed')),
    attempt     integer          not null default 0, -- all that were begun
    tried       integer          not null default 0, -- of those, since it was made or replayed
    next_at     timestamptz      not null, -- pending: due then; sending: the lease ends, and it is due again
    reason      text,                      -- failed: why there is no other attempt
    created_at  timestamptz      not null,
    ended_at    timestamptz,
    primary key (user_id, id),
    foreign key (user_id, endpoint_id) references webhooks.endpoints (user_id, id) on delete cascade,
    check ((ended_at is null) = (state in ('pending', 'sending')))
);
-- One steps from endpoint to endpoint through this one, however much waits for each.
create index deliveries_open on webhooks.deliveries (user_id, endpoint_id, next_at) where ended_at is null;
create index deliveries_sending on webhooks.deliveries (user_id, endpoint_id) where state = 'sending';
create index deliveries_of_endpoint on webhooks.deliveries (user_id, endpoint_id, id);
create index deliveries_old on webhooks.deliveries (created_at);

create table webhooks.attempts (
    user_id     uuid             not null,
    delivery_id text collate "C" not null,
    number      integer          not null,
    at          timestamptz      not null,
    millis      integer          not null,
    status      integer, -- of the answer, if there was one
    answer      text,    -- its first KiB
    fault       text,    -- what went wrong
    primary key (user_id, delivery_id, number),
    foreign key (user_id, delivery_id) references webhooks.deliveries (user_id, id) on delete cascade
);

-- Who could do everything, may do this too; whom an operator has narrowed, not.
alter table accounts.users
    alter column scopes
    set default 'jobs:read jobs:write usage:read keys:read keys:write webhooks:read webhooks:write';
update accounts.users set scopes = scopes || ' webhooks:read webhooks:write'
    where scopes = 'jobs:read jobs:write usage:read keys:read keys:write';

grant usage on schema webhooks to ${web};
grant select, insert, update, delete on webhooks.endpoints, webhooks.deliveries to ${web};
grant select, insert on webhooks.attempts to ${web};
