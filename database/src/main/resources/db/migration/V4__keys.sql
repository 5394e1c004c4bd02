-- Keys that people issue, narrow, rotate and lose; and who did what to which of them.

alter table accounts.users
    -- Nothing for who signs in with another provider only.
    alter column password_hash drop not null,
    -- What the user may do; a key or an application may do some of it, never more.
    add column scopes        text    not null default 'jobs:read jobs:write usage:read keys:read keys:write',
    add column revoke_leaked boolean not null default false;

-- Sessions are filed under the user's id from now on, which never changes: everybody signs in once more.
delete from accounts.spring_session;

create table accounts.identities (
    user_id    uuid        not null references accounts.users (id) on delete cascade,
    issuer     text        not null,
    subject    text        not null,
    created_at timestamptz not null,
    primary key (user_id, issuer, subject),
    unique (issuer, subject)
);

alter table accounts.api_keys
    -- Imported keys (djangorestframework-api-key) have 8.
    drop constraint api_keys_key_id_check,
    add constraint api_keys_key_id_check check (length(key_id) in (8, 12)),
    drop constraint api_keys_hash_check,
    -- How the hash was made. What is not 'hmac' was imported, and becomes it when the key is used first.
    add column hash_scheme   text   not null default 'hmac' check (hash_scheme in ('hmac', 'sha512', 'pbkdf2')),
    add column networks      text   not null default '', -- CIDR, space between; empty: from anywhere
    add column daily_cap     bigint check (daily_cap > 0), -- units a day (UTC)
    add column created_by    text   not null default 'account',
    add column rotated_at    timestamptz,
    add column replaced_by   text, -- the id of the key that takes over
    add column overlap_until timestamptz, -- the old key works until then; null while it waits for silence
    add column silence       bigint check (silence > 0), -- seconds without a use that end the overlap
    add column leaked_at     timestamptz,
    add column leak_source   text;

create index api_keys_rotating on accounts.api_keys (rotated_at) where rotated_at is not null and revoked_at is null;
create index api_keys_managed on accounts.api_keys (created_at)
    where kind = 'managed' and rotated_at is null and revoked_at is null;

alter table accounts.managed_key_secrets add column master_key_id text not null default '';
create index managed_key_secrets_master on accounts.managed_key_secrets (master_key_id);

-- Every replica forgets what it knows of a key when the row changes, whoever changes it.
create function accounts.tell_key_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('behalf_key_changed', coalesce(new.key_id, old.key_id));
    return null;
end $$;
create trigger tell_changed after insert or update or delete on accounts.api_keys
    for each row execute function accounts.tell_key_changed();

create function accounts.tell_user_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('behalf_user_changed', old.id::text);
    perform pg_notify('behalf_key_changed', key_id) from accounts.api_keys where user_id = old.id;
    return null;
end $$;
create trigger tell_changed after update of scopes or delete on accounts.users
    for each row execute function accounts.tell_user_changed();

-- The one change of a key that compute-server may make: an imported hash becomes one of ours, once.
create function accounts.rehash_key(of_user uuid, of_key text, old_hash text, new_hash text, new_pepper text)
    returns void language sql security definer set search_path = pg_catalog as $$
    update accounts.api_keys set hash = new_hash, hash_scheme = 'hmac', pepper_id = new_pepper
    where user_id = of_user and key_id = of_key and hash = old_hash and hash_scheme <> 'hmac'
$$;
revoke execute on function accounts.rehash_key from public;

-- Calls of a key on a day (UTC), and what was refused of it; both servers add to them, a minute at a time.
create table accounts.key_days (
    user_id uuid   not null,
    key_id  text   not null,
    day     date   not null,
    calls   bigint not null,
    primary key (user_id, key_id, day),
    foreign key (user_id, key_id) references accounts.api_keys (user_id, key_id) on delete cascade
);

create table accounts.key_refusals (
    user_id uuid   not null,
    key_id  text   not null,
    day     date   not null,
    reason  text   not null,
    calls   bigint not null,
    primary key (user_id, key_id, day, reason),
    foreign key (user_id, key_id) references accounts.api_keys (user_id, key_id) on delete cascade
);

create table accounts.key_last_used (
    user_id    uuid        not null,
    key_id     text        not null,
    used_at    timestamptz not null,
    address    text        not null,
    user_agent text        not null,
    primary key (user_id, key_id),
    foreign key (user_id, key_id) references accounts.api_keys (user_id, key_id) on delete cascade
);

-- Who did what to which key, from where. It can be added to and read: no role may change a row. A user's rows go
-- with the account; the one that closes it has no user.
create table accounts.audit_log (
    id         bigint generated always as identity primary key,
    user_id    uuid references accounts.users (id) on delete cascade,
    at         timestamptz not null,
    actor      text        not null, -- session, key <id>, application <id>, system, reporter
    action     text        not null,
    object     text,
    address    text,
    user_agent text,
    details    jsonb       not null default '{}'
);
create index audit_log_of_user on accounts.audit_log (user_id, id desc);

-- Whose key has asked for the job: its daily cap is charged with it.
alter table jobs.jobs add column origin_key_id text;

-- Units of a key with a cap on a day (UTC).
create table compute.key_units (
    user_id uuid   not null,
    key_id  text   not null,
    day     date   not null,
    units   bigint not null check (units >= 0),
    primary key (user_id, key_id, day),
    foreign key (user_id, key_id) references accounts.api_keys (user_id, key_id) on delete cascade
);

grant select, insert, update, delete on accounts.identities to ${web};
grant select, insert on accounts.audit_log to ${web};
grant select, insert, update on accounts.key_days, accounts.key_refusals, accounts.key_last_used to ${web}, ${compute};
grant execute on function accounts.rehash_key to ${web}, ${compute};
grant select (kind, hash_scheme, networks, daily_cap, overlap_until) on accounts.api_keys to ${compute};
grant select (id, scopes) on accounts.users to ${compute};
grant select on compute.key_units to ${web};
grant select, insert, update on compute.key_units to ${compute};
