/** Who may call what. */
@NullMarked
package dev.behalf.compute.security;

import org.jspecify.annotations.NullMarked;
