// The tab Label.
