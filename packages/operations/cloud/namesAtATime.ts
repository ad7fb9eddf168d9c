/** How many values Microsoft Graph takes in one `in` of a filter. Source: https://learn.microsoft.com/graph/filter-query-parameter */
export const namesAtATime = 15;
