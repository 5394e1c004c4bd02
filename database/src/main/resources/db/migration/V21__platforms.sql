-- Platforms: backends of teams that bring their own users and act for them.

create table accounts.platforms (
    id         uuid        primary key,
    name       text        not null unique check (name ~ '^[a-z][a-z0-9-]{0,30}$'),
    scopes     text        not null
        check (scopes ~ '^(users:read|users:write|quota:write|act:jobs|act:keys)( (users:read|users:write|quota:write|act:jobs|act:keys))*$'),
    origins    text        not null default '' check (octet_length(origins) <= 4000), -- of its pages; space between
    created_at timestamptz not null default now(),
    ended_at   timestamptz -- from then on nobody accepts its tokens
);

-- A platform has a second client while it changes from one secret to the next.
create table accounts.platform_clients (
    id          uuid        primary key,
    platform_id uuid        not null references accounts.platforms (id) on delete cascade,
    client_id   text        not null unique,
    secret_hash text        not null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz -- set when another one replaces it
);
create index platform_clients_of_platform on accounts.platform_clients (platform_id);

-- The users of a platform are users as all others, without an address or a password to sign in with. What the
-- platform says of their names and addresses is for people who read it, and links no accounts.
alter table accounts.users alter column email drop not null;
create table accounts.platform_users (
    user_id         uuid        primary key references accounts.users (id) on delete cascade,
    platform_id     uuid        not null references accounts.platforms (id),
    external_id     text        collate "C" not null
        check (external_id ~ '^[A-Za-z0-9._~:@|-]{1,255}$' and external_id not in ('.', '..')),
    name            text        not null default '' check (octet_length(name) <= 800),
    email           text        not null default '' check (octet_length(email) <= 800),
    metadata        text        not null default '{}' check (octet_length(metadata) <= 1024),
    created_at      timestamptz not null default now(),
    acting_ended_at timestamptz, -- since when the platform may no longer act for the user
    unique (platform_id, external_id)
);

-- Who disabled an account: what an operator disabled, no platform enables.
alter table accounts.users add column disabled_by text check (disabled_by in ('operator', 'platform'));
update accounts.users set disabled_by = 'operator' where disabled_at is not null;

-- The jobs of a disabled account wait for a reason of their own, so that enabling it ends no operator's pause.
update jobs.pauses p set paused_by = 'disablement'
from accounts.users u where u.id = p.user_id and u.disabled_at is not null and p.paused_by = 'operator';

-- What operators call an account: by its address or, if it is a platform's, by the platform and the external id.
create function accounts.name_of(user_id uuid) returns text language sql stable set search_path = '' as $$
    select coalesce(u.email, (select p.name || ' · ' || e.external_id
                              from accounts.platform_users e join accounts.platforms p on p.id = e.platform_id
                              where e.user_id = u.id), u.id::text)
    from accounts.users u where u.id = name_of.user_id;
$$;
grant execute on function accounts.name_of to ${web};

-- Of keys that a platform has issued for a user, by whatever key of its own: they end with its right to act.
alter table accounts.api_keys
    add column platform_id uuid references accounts.platforms (id) on delete cascade,
    add constraint api_keys_no_platform check (scopes !~ '(users|quota|act):');
create index api_keys_of_platform on accounts.api_keys (platform_id) where platform_id is not null;

-- Who asked for a job, with what credential; for jobs from before this column, nobody knows.
alter table jobs.jobs add column actor text;

grant select, insert, update, delete on accounts.platforms, accounts.platform_clients, accounts.platform_users to ${web};

-- The rules of making, renewing and ending platforms, for the operators' console and for the command line.
create function accounts.create_platform(
    new_id uuid, new_name text, new_scopes text, new_origins text, client uuid, new_client_id text, new_secret_hash text)
returns void language sql set search_path = '' as $$
    insert into accounts.platforms (id, name, scopes, origins) values (new_id, new_name, new_scopes, new_origins);
    insert into accounts.platform_clients (id, platform_id, client_id, secret_hash)
    values (client, new_id, new_client_id, new_secret_hash);
$$;

-- Adds a client to a platform that has not ended; the older ones expire. Returns whether there is such a platform.
create function accounts.rotate_platform(
    asked_name text, client uuid, new_client_id text, new_secret_hash text, keep interval)
returns boolean language plpgsql set search_path = '' as $$
declare platform uuid;
begin
    select id into platform from accounts.platforms where name = asked_name and ended_at is null for update;
    if platform is null then
        return false;
    end if;
    delete from accounts.platform_clients where platform_id = platform and expires_at <= now();
    update accounts.platform_clients set expires_at = least(expires_at, now() + keep) where platform_id = platform;
    insert into accounts.platform_clients (id, platform_id, client_id, secret_hash)
    values (client, platform, new_client_id, new_secret_hash);
    return true;
end $$;

-- Ends a platform, with the keys that it has issued; its users stay. Returns whether there was such a platform.
create function accounts.end_platform(asked_name text)
returns boolean language plpgsql set search_path = '' as $$
declare platform uuid;
begin
    update accounts.platforms set ended_at = now() where name = asked_name and ended_at is null returning id into platform;
    if platform is null then
        return false;
    end if;
    -- Again until none is left: a key of the platform may have issued another one while its row was waited for.
    loop
        update accounts.api_keys set revoked_at = now(), version = version + 1
        where platform_id = platform and revoked_at is null;
        exit when not found;
    end loop;
    return true;
end $$;

revoke all on function accounts.create_platform, accounts.rotate_platform, accounts.end_platform from public;
grant execute on function accounts.create_platform, accounts.rotate_platform, accounts.end_platform to ${web};
