-- A second step at sign-in: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.
create table accounts.second_factors (
    user_id       uuid        primary key references accounts.users (id) on delete cascade,
    ciphertext    bytea       not null, -- the secret that the app shares
    master_key_id text        not null,
    confirmed_at  timestamptz,          -- until then nothing asks for a code
    last_step     bigint      not null default 0, -- of the last code used: none is accepted twice
    created_at    timestamptz not null
);
create table accounts.recovery_codes (
    user_id uuid  not null references accounts.second_factors (user_id) on delete cascade,
    hash    bytea not null,
    primary key (user_id, hash)
);
grant select, insert, update, delete on accounts.second_factors, accounts.recovery_codes to ${web};
