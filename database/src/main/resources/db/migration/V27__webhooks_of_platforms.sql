-- A platform has webhooks of its own, which receive the events of all its users. What was a user is an owner from
-- here on: in webhooks.endpoints, webhooks.deliveries and webhooks.attempts, user_id is the id of a user or, where
-- platform_id is set, of that platform.
alter table webhooks.endpoints
    drop constraint endpoints_user_id_fkey,
    add column platform_id uuid references accounts.platforms (id) on delete cascade,
    add column owner_user_id uuid generated always as (case when platform_id is null then user_id end) stored
        references accounts.users (id) on delete cascade,
    add constraint endpoints_owner check (platform_id is null or platform_id = user_id);
create index endpoints_of_user on webhooks.endpoints (owner_user_id) where owner_user_id is not null;

-- Whom an event of a platform's webhook is about: it goes with that user.
alter table webhooks.deliveries
    add column about_user_id uuid references accounts.users (id) on delete cascade;
create index deliveries_about_user on webhooks.deliveries (about_user_id) where about_user_id is not null;

-- Whose right to act has ended hears nothing more, not even what waits to be sent.
create function webhooks.forget_former_user() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from webhooks.deliveries
    where about_user_id = new.user_id and user_id = new.platform_id and ended_at is null;
    return null;
end $$;
create trigger platform_users_acting_ended after update of acting_ended_at on accounts.platform_users
    for each row when (old.acting_ended_at is null and new.acting_ended_at is not null)
    execute function webhooks.forget_former_user();

-- The webhooks of a platform end with it.
create function webhooks.forget_ended_platform() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from webhooks.endpoints where platform_id = new.id;
    return null;
end $$;
create trigger platforms_ended after update of ended_at on accounts.platforms
    for each row when (old.ended_at is null and new.ended_at is not null)
    execute function webhooks.forget_ended_platform();

-- Platforms that could do everything may do this too; those that were given less, not.
alter table accounts.platforms
    drop constraint platforms_scopes_check,
    add constraint platforms_scopes_check check (scopes ~
        '^(users:read|users:write|quota:write|act:jobs|act:keys|webhooks:read|webhooks:write)( (users:read|users:write|quota:write|act:jobs|act:keys|webhooks:read|webhooks:write))*$');
update accounts.platforms set scopes = scopes || ' webhooks:read webhooks:write'
where string_to_array(scopes, ' ') @> array['users:read', 'users:write', 'quota:write', 'act:jobs', 'act:keys'];
