import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { flexRender, type Header, type Table } from "@tanstack/react-table";
import { looksOf, type Ordering } from "./column-looks.ts";
import classes from "./page-table.module.css";

interface TableHeadProps<Shown> {
  readonly table: Table<Shown>;
  readonly ordering: Ordering | undefined;
  readonly onOrder: ((ordering: Ordering) => void) | undefined;
}

/** The heads of the columns; those that the list can be ordered by are buttons. */
export function TableHead<Shown>({ table, ordering, onOrder }: TableHeadProps<Shown>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {table.getFlatHeaders().map((header) => (
          <Head key={header.id} header={header} ordering={ordering} onOrder={onOrder} />
        ))}
      </tr>
    </thead>
  );
}

interface HeadProps<Shown> extends Omit<TableHeadProps<Shown>, "table"> {
  readonly header: Header<Shown, unknown>;
}

function Head<Shown>({ header, ordering, onOrder }: HeadProps<Shown>) {
  const { align, from, names } = looksOf(header.column.columnDef);
  const title = flexRender(header.column.columnDef.header, header.getContext());
  const chosen = ordering?.column === header.id ? ordering : undefined;
  const order = chosen ? (chosen.descending ? "descending" : "ascending") : undefined;
  const Arrow = chosen?.descending ? IconArrowDown : IconArrowUp;
  return (
    <th scope="col" data-align={align} data-from={from} data-names={names} aria-sort={order}>
      {onOrder && header.column.columnDef.enableSorting ? (
        <UnstyledButton
          className={classes.order}
          onClick={() => onOrder({ column: header.id, descending: chosen ? !chosen.descending : false })}
        >
          {title}
          <Arrow size={13} aria-hidden="true" data-chosen={chosen !== undefined} />
        </UnstyledButton>
      ) : (
        title
      )}
    </th>
  );
}
