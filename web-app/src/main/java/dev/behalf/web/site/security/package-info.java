/** Who may come in by which door. */
@NullMarked
package dev.behalf.web.site.security;

import org.jspecify.annotations.NullMarked;
