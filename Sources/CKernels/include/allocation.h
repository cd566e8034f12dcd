#pragma once

/// Tells the C library to keep freed memory for the next allocation instead of giving it back to
/// the system and asking for it again, page by page.
void stapes_keep_freed_memory(void);
