/** Two-step verification: codes of an authenticator app, and recovery codes. */
@NullMarked
package dev.behalf.web.identity.secondfactor;

import org.jspecify.annotations.NullMarked;
