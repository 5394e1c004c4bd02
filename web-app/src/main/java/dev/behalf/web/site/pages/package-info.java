/** Pages that are about nobody: the first one, and what problems mean. */
@NullMarked
package dev.behalf.web.site.pages;

import org.jspecify.annotations.NullMarked;
