-- As before, in a language that keeps its plans: a function in SQL is planned anew at each call.
create or replace function accounts.hold_users(ids uuid[]) returns setof uuid
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    return query select u.id from accounts.users u where u.id = any (ids) order by u.id for key share;
end $$;
