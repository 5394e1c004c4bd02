/** Passkeys: sign-in with a key pair of a user's device, by WebAuthn. */
@NullMarked
package dev.behalf.web.identity.passkeys;

import org.jspecify.annotations.NullMarked;
