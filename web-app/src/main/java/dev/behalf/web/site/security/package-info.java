/** Access to web-app: which authentication schemes and scopes open which address. */
@NullMarked
package dev.behalf.web.site.security;

import org.jspecify.annotations.NullMarked;
