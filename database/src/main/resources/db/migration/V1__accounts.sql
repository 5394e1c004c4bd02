-- Who there is, and their keys. web-app writes here; compute-server reads what it needs to know a key.
create schema accounts;

create table accounts.users (
    id            uuid primary key,
    email         text        not null unique check (email = lower(email)),
    password_hash text        not null,
    created_at    timestamptz not null,
    version       integer     not null
);

create table accounts.api_keys (
    user_id      uuid        not null references accounts.users (id) on delete cascade,
    key_id       text        not null unique check (length(key_id) = 12),
    kind         text        not null check (kind in ('managed', 'personal')),
    environment  text        not null check (environment in ('live', 'test')),
    name         text        not null,
    hash         text        not null check (length(hash) = 44),
    pepper_id    text        not null,
    scopes       text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    disabled_at  timestamptz,
    revoked_at   timestamptz,
    version      integer     not null,
    primary key (user_id, key_id)
);

-- What workers use: encrypted, and bound to this user and this key by the cipher's associated data.
create table accounts.managed_key_secrets (
    user_id    uuid  not null,
    key_id     text  not null,
    ciphertext bytea not null,
    primary key (user_id, key_id),
    foreign key (user_id, key_id) references accounts.api_keys (user_id, key_id) on delete cascade
);

-- A nonce of a signed request is taken once. Losing them in a crash costs nothing: they live two minutes.
create unlogged table accounts.used_nonces (
    nonce   text primary key,
    used_at timestamptz not null
);

-- Spring Session's own tables (spring-session-jdbc, schema-postgresql.sql).
create table accounts.spring_session (
    primary_id            char(36) not null primary key,
    session_id            char(36) not null,
    creation_time         bigint   not null,
    last_access_time      bigint   not null,
    max_inactive_interval int      not null,
    expiry_time           bigint   not null,
    principal_name        varchar(100)
);
create unique index spring_session_ix1 on accounts.spring_session (session_id);
create index spring_session_ix2 on accounts.spring_session (expiry_time);
create index spring_session_ix3 on accounts.spring_session (principal_name);

create table accounts.spring_session_attributes (
    session_primary_id char(36)     not null references accounts.spring_session (primary_id) on delete cascade,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea        not null,
    primary key (session_primary_id, attribute_name)
);

grant usage on schema accounts to ${web}, ${compute};
grant select, insert, update, delete on all tables in schema accounts to ${web};
grant select (user_id, key_id, environment, hash, pepper_id, scopes, expires_at, disabled_at, revoked_at)
    on accounts.api_keys to ${compute};
