-- People who look after the installation: what they may do, what they did, and what their pages go by.
create schema ops;

-- Scopes of operators open pages to a person. No key and no application has them, whoever writes the row.
alter table accounts.api_keys add constraint api_keys_no_operator check (position('ops:' in scopes) = 0);
alter table accounts.applications add constraint applications_no_operator check (position('ops:' in scopes) = 0);
alter table accounts.consents add constraint consents_no_operator check (position('ops:' in scopes) = 0);

alter table accounts.users
    add column disabled_at     timestamptz,
    add column disabled_scopes text; -- what it gets back when it is enabled
-- An account is found by how its address begins.
create index users_email_prefix on accounts.users (email text_pattern_ops);
create index users_operators on accounts.users (id) where position('ops:' in scopes) > 0;

-- What operators did. Rows of this kind outlive the account that they are about, and name it by its id alone.
create table ops.audit_log (
    id       bigint generated always as identity primary key,
    at       timestamptz not null default now(),
    operator text        not null, -- the e-mail address, or "management port"
    action   text        not null,
    about    text,                 -- the account's or other object's id
    address  text,
    details  jsonb       not null default '{}'
);

-- Rows come in the order of time: a few pages of an index say where the last hour stands.
create index jobs_created on jobs.jobs using brin (created_at) with (pages_per_range = 32, autosummarize = on);
create index ledger_created on compute.ledger using brin (created_at) with (pages_per_range = 32, autosummarize = on);
create index results_created on compute.results using brin (created_at) with (pages_per_range = 32, autosummarize = on);

-- Failed jobs that an operator has dealt with: queued again, or left as they are.
create table ops.settled_failures (
    user_id uuid        not null,
    job_id  uuid        not null,
    how     text        not null check (how in ('redriven', 'discarded')),
    at      timestamptz not null default now(),
    primary key (user_id, job_id),
    foreign key (user_id, job_id) references jobs.jobs (user_id, id) on delete cascade
);

-- Messages that were no jobs of ours, once an operator has taken them off the broker. What a message says of its
-- user is believed only as far as that it goes with that account.
create table ops.dead_letters (
    id      bigint generated always as identity primary key,
    user_id uuid references accounts.users (id) on delete cascade,
    job_id  uuid,
    reason  text        not null,
    at      timestamptz not null default now(),
    size    integer     not null,
    body    bytea       not null -- the first 16 KiB
);
create index dead_letters_reason on ops.dead_letters (reason, id desc);
create index dead_letters_user on ops.dead_letters (user_id) where user_id is not null;

create table ops.workers (
    id         uuid             primary key,
    name       text             not null,
    version    text             not null,
    started_at timestamptz      not null,
    sent_at    timestamptz      not null, -- by the worker's clock
    heard_at   timestamptz      not null, -- by ours
    in_hand    integer          not null,
    done       bigint           not null,
    rate       double precision not null default 0 -- jobs a second, since the one before
);

-- The books: one row says when they were looked at, one row for each sentence what came of it.
create table ops.ledger_runs (
    id     integer     primary key check (id = 1),
    began  timestamptz not null, -- rows since then were looked at
    ran_at timestamptz not null
);
insert into ops.ledger_runs values (1, '-infinity', '-infinity');
create table ops.ledger_checks (
    sentence   text        primary key,
    checked_at timestamptz not null,
    broken     bigint, -- nothing where it took too long
    users      uuid[]      not null default '{}',
    millis     integer     not null
);

grant usage on schema ops to ${web};
grant select, insert on ops.audit_log to ${web};
grant select, insert, update, delete on ops.settled_failures, ops.dead_letters, ops.workers, ops.ledger_checks to ${web};
grant select, update on ops.ledger_runs to ${web};

-- A limit may be set by a page; what is used only compute-server counts.
alter table compute.quota alter column used set default 0;
grant insert (user_id, environment, period, limit_units), update (limit_units) on compute.quota to ${web};
